//! Where a call comes from, for limits.

use std::net::{IpAddr, Ipv6Addr};

/// What attempts from `address` are counted under: an IPv4 address, or the /64 of an IPv6 address, which is what one subscriber has.
///
/// None for an unknown address and for the machine itself: behind a proxy that hides its clients, one count for all of them would
/// let anyone lock everyone out. The limit per account holds all the same.
pub fn source(address: &str) -> Option<String> {
    let ip = address.parse::<IpAddr>().ok()?.to_canonical();
    if ip.is_loopback() || ip.is_unspecified() {
        return None;
    }
    Some(match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subscriber_is_one_source() {
        for (address, expected) in [
            ("203.0.113.9", Some("203.0.113.9")),
            ("::ffff:203.0.113.9", Some("203.0.113.9")),
            ("2001:db8:1:2:3:4:5:6", Some("2001:db8:1:2::/64")),
            ("2001:db8:1:2:ffff::1", Some("2001:db8:1:2::/64")),
            ("127.0.0.1", None),
            ("::1", None),
            ("::ffff:127.0.0.1", None),
            ("0.0.0.0", None),
            ("", None),
            ("example", None),
        ] {
            assert_eq!(source(address).as_deref(), expected, "{address}");
        }
    }
}
