//! Access tokens: short JSON Web Tokens, EdDSA (RFC 8037) and nothing else, over ring.

use crate::{Clock, context::Caller, refusal::Refusal, secret::Secret};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    decode, encode,
    errors::{ErrorKind, Result as JwtResult},
};
use ring::{
    digest,
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};
use sanbian_domain::{
    ids::{AccountId, SessionId},
    role::Grant,
};
use serde::{Deserialize, Serialize};
use signature::{Error as SignatureError, Signer, Verifier};
use std::{
    collections::HashMap,
    sync::{Arc, Once, RwLock},
};

/// jsonwebtoken has no ring backend of its own: this is one, for Ed25519 only.
struct RingSigner(Ed25519KeyPair);

impl Signer<Vec<u8>> for RingSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for RingSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct RingVerifier(Vec<u8>);

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> JwtResult<Box<dyn JwtSigner>> {
    if *algorithm != Algorithm::EdDSA {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let pair = Ed25519KeyPair::from_seed_unchecked(key.as_bytes()).map_err(|_| ErrorKind::InvalidKeyFormat)?;
    Ok(Box::new(RingSigner(pair)))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> JwtResult<Box<dyn JwtVerifier>> {
    if *algorithm != Algorithm::EdDSA {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(RingVerifier(key.try_get_as_bytes()?.to_vec())))
}

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

/// Installs the ring backend of jsonwebtoken, once a process.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| PROVIDER.install_default().expect("no other backend is installed"));
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: AccountId,
    sid: SessionId,
    grants: Vec<Grant>,
    #[serde(default)]
    service: bool,
    iat: i64,
    exp: i64,
    iss: String,
}

const ISSUER: &str = "sanbian";
/// Remembered tokens at most; beyond it the memory is emptied, which costs a signature check each and nothing else.
const REMEMBERED: usize = 65_536;

/// By the token's SHA-256: whom it speaks for, until when.
type Remembered = HashMap<[u8; 32], (Arc<Caller>, DateTime<Utc>)>;

/// Signs and verifies access tokens. Verified tokens are remembered until they expire: a signature check on each call would eat the machine.
#[derive(Clone)]
pub struct Tokens {
    signing: Arc<EncodingKey>,
    verifying: Arc<DecodingKey>,
    clock: Clock,
    seen: Arc<RwLock<Remembered>>,
}

impl Tokens {
    /// How long an access token is good for.
    pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

    /// The tokens of an installation.
    pub fn new(secret: &Secret, clock: &Clock) -> Self {
        install();
        let seed = secret.derive::<32>("token-key");
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a seed of 32 bytes");
        Self {
            signing: Arc::new(EncodingKey::from_ed_der(&seed)),
            verifying: Arc::new(DecodingKey::from_ed_der(pair.public_key().as_ref())),
            clock: clock.clone(),
            seen: Arc::default(),
        }
    }

    /// A token for `caller`, good until the time given with it.
    pub fn issue(&self, caller: &Caller) -> (String, DateTime<Utc>) {
        let now = self.clock.wall();
        let until = now + Self::LIFETIME;
        let claims = Claims {
            sub: caller.account,
            sid: caller.session,
            grants: caller.grants.clone(),
            service: caller.service,
            iat: now.timestamp(),
            exp: until.timestamp(),
            iss: ISSUER.to_owned(),
        };
        let token = encode(&Header::new(Algorithm::EdDSA), &claims, &self.signing)
            .expect("claims are plain data, the key is ours");
        (token, until)
    }

    /// A token by which one service calls another.
    pub fn issue_for_service(&self) -> String {
        let nobody = uuid::Uuid::nil();
        self.issue(&Caller {
            account: AccountId(nobody),
            session: SessionId(nobody),
            grants: Vec::new(),
            service: true,
        })
        .0
    }

    /// The caller a token speaks for.
    ///
    /// # Errors
    /// [`Refusal::unauthenticated`] for anything but a good, current token.
    pub fn verify(&self, token: &str) -> Result<Arc<Caller>, Refusal> {
        let mut key = [0; 32];
        key.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
        let now = self.clock.wall();
        if let Some((caller, until)) = self.seen.read().ok().and_then(|seen| seen.get(&key).cloned()) {
            return if until > now { Ok(caller) } else { Err(Refusal::unauthenticated()) };
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.leeway = 0;
        let claims =
            decode::<Claims>(token, &self.verifying, &validation).map_err(|_| Refusal::unauthenticated())?.claims;
        let until = DateTime::from_timestamp(claims.exp, 0).ok_or_else(Refusal::unauthenticated)?;
        let caller = Arc::new(Caller {
            account: claims.sub,
            session: claims.sid,
            grants: claims.grants,
            service: claims.service,
        });
        if let Ok(mut seen) = self.seen.write() {
            if seen.len() >= REMEMBERED {
                seen.clear();
            }
            seen.insert(key, (caller.clone(), until));
        }
        Ok(caller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sanbian_domain::role::Role;

    fn tokens() -> Tokens {
        let path = std::env::temp_dir().join(format!("sanbian-token-{}", uuid::Uuid::now_v7()));
        let secret = Secret::open(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        Tokens::new(&secret, &Clock::real())
    }

    #[test]
    fn speaks_for_its_caller_and_for_nobody_when_altered() {
        let tokens = tokens();
        let caller = Caller {
            account: AccountId(uuid::Uuid::now_v7()),
            session: SessionId(uuid::Uuid::now_v7()),
            grants: vec![Grant { role: Role::Clerk, region: "500229".into() }],
            service: false,
        };
        let (token, _) = tokens.issue(&caller);
        assert_eq!(*tokens.verify(&token).unwrap(), caller);
        assert_eq!(*tokens.verify(&token).unwrap(), caller, "the remembered one is the same");
        for cut in [1, token.len() / 2] {
            let mut altered = token.clone().into_bytes();
            let at = altered.len() - cut;
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            assert!(tokens.verify(&String::from_utf8(altered).unwrap()).is_err());
        }
        assert!(tokens.verify("").is_err());
        assert!(self::tokens().verify(&token).is_err(), "another installation's token");
    }
}
