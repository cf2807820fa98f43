//! Who is at the other end of the connection, and the refresh cookie that the session's routes speak by.

use crate::{call::App, problem::Problem};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use std::net::{IpAddr, SocketAddr};

/// The client of a call, as far as it can be known.
pub struct Client {
    /// Its address; none where the server was not told its peers' addresses (`into_make_service_with_connect_info`).
    pub address: Option<IpAddr>,
    /// The program as it names itself.
    pub name: Option<String>,
    /// The refresh token of its cookie.
    pub refresh_token: Option<String>,
}

impl FromRequestParts<App> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let name = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self { address: address(peer, &parts.headers), name, refresh_token: refresh_token(&parts.headers) })
    }
}

impl Client {
    /// The address as text; empty where unknown.
    pub fn address_text(&self) -> String {
        self.address.map(|address| address.to_string()).unwrap_or_default()
    }
}

/// The client's address: the peer's own, or, where the peer is this machine, what the proxy on it says.
///
/// Anyone can write `X-Forwarded-For`, so only a peer on loopback is believed, and of its list only the last entry, which is the one
/// that proxy saw itself; those before it are the client's own words.
fn address(peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !peer.is_loopback() {
        return Some(peer);
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let nearest = forwarded.and_then(|list| list.rsplit(',').next()).map(str::trim);
    // Some proxies add the port.
    let told = nearest.and_then(|text| {
        text.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
    });
    Some(told.map_or(peer, |told| told.to_canonical()))
}

/// Name of the refresh cookie.
const COOKIE: &str = "sanbian_refresh";
/// It is sent to the session's own routes and nowhere else.
const PATH: &str = "/api/v1/session";

/// The refresh token of the request's cookies.
fn refresh_token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned()).filter(|value| !value.is_empty())
}

/// `Set-Cookie` for a refresh token good for so many seconds; zero seconds and an empty token take the cookie away.
///
/// `HttpOnly`: no script reads it. `SameSite=Strict`: no other site's page makes the browser send it.
pub fn cookie(app: &App, token: &str, seconds: u32) -> HeaderValue {
    let secure = if app.secure_cookies { "; Secure" } else { "" };
    let text = format!("{COOKIE}={token}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut value = HeaderValue::try_from(text).expect("a token is base64url, all else is ours");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (header::HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_the_machines_own_proxy_is_believed_and_only_its_own_word() {
        let loopback = Some("127.0.0.1".parse().unwrap());
        let outside = Some("198.51.100.7".parse().unwrap());
        for (peer, forwarded, expected) in [
            (outside, vec!["203.0.113.9"], Some("198.51.100.7")),
            (loopback, vec!["203.0.113.9"], Some("203.0.113.9")),
            (loopback, vec!["1.1.1.1, 203.0.113.9"], Some("203.0.113.9")),
            (loopback, vec!["1.1.1.1", "203.0.113.9"], Some("203.0.113.9")),
            (loopback, vec!["203.0.113.9:4711"], Some("203.0.113.9")),
            (loopback, vec!["[2001:db8::1]:4711"], Some("2001:db8::1")),
            (loopback, vec!["unknown"], Some("127.0.0.1")),
            (loopback, vec![], Some("127.0.0.1")),
            (Some("::ffff:127.0.0.1".parse().unwrap()), vec!["203.0.113.9"], Some("203.0.113.9")),
            (None, vec!["203.0.113.9"], None),
        ] {
            let found = address(peer, &headers("x-forwarded-for", &forwarded));
            assert_eq!(found.map(|address| address.to_string()).as_deref(), expected, "{peer:?} {forwarded:?}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        for (cookies, expected) in [
            (vec!["sanbian_refresh=abc"], Some("abc")),
            (vec!["a=b; sanbian_refresh=abc; c=d"], Some("abc")),
            (vec!["a=b", "sanbian_refresh=abc"], Some("abc")),
            (vec!["not_sanbian_refresh=abc"], None),
            (vec!["sanbian_refresh="], None),
            (vec![], None),
        ] {
            assert_eq!(refresh_token(&headers("cookie", &cookies)).as_deref(), expected, "{cookies:?}");
        }
    }
}
