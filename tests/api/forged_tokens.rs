//! Tokens that are forged in any way are refused. Most of them are signed with the right key: what they say is wrong.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use citizens_charter::store::{self, signing_key};
use reqwest::Method;
use serde_json::{Value, json};

use crate::people::Who;
use crate::support::{TestApp, TestDatabase, on_both_engines, problem};

fn encoded(part: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part)
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// What a forger works with: a good token, and even the service's own key.
pub struct Forge {
    pub token: String,
    head: Value,
    claims: Value,
    kid: String,
    key: Ed25519KeyPair,
}

impl Forge {
    pub async fn new(app: &TestApp) -> Self {
        let token = app.token(Who::Officer).await;
        let parts: Vec<&str> = token.split('.').collect();
        let pair = app.app.store().read(signing_key::current).await;
        let pair: Option<store::signing_key::KeyPair> = pair.unwrap();
        let pair = pair.unwrap();
        Self {
            head: decoded(parts[0]),
            claims: decoded(parts[1]),
            kid: pair.kid.to_string(),
            key: Ed25519KeyPair::from_pkcs8(&BASE64_STANDARD.decode(pair.private_key).unwrap()).unwrap(),
            token,
        }
    }

    fn sign(&self, head: &str, claims: &str) -> String {
        let message = format!("{}.{}", encoded(head), encoded(claims));
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    /// A token with another head, rightly signed.
    fn head(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut head = self.head.clone();
        change(&mut head);
        self.sign(&head.to_string(), &self.claims.to_string())
    }

    /// A token with other claims, rightly signed.
    pub fn claims(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims.clone();
        change(&mut claims);
        self.sign(&self.head.to_string(), &claims.to_string())
    }

    fn without(&self, claim: &str) -> String {
        self.claims(|claims| {
            claims.as_object_mut().unwrap().remove(claim).unwrap();
        })
    }

    pub fn with(&self, claim: &str, value: Value) -> String {
        self.claims(|claims| claims[claim] = value)
    }

    /// The same token with a claim or a field of the head written twice.
    fn doubled(&self, part: &Value, field: &str) -> String {
        part.to_string()
            .replacen('{', &format!("{{\"{field}\":{},", part[field]), 1)
    }

    fn with_head(&self, field: &str, value: Value) -> String {
        self.head(|head| head[field] = value)
    }

    fn all(&self) -> Vec<(String, String)> {
        let mut forged: Vec<(String, String)> = Vec::new();
        let mut add = |what: &str, token: String| forged.push((what.to_owned(), token));
        let now = self.claims["iat"].as_i64().unwrap();
        let (message, signature) = self.token.rsplit_once('.').unwrap();
        let (head, claims) = message.split_once('.').unwrap();

        // another algorithm
        let unsigned = |alg: &str| {
            let mut head = self.head.clone();
            head["alg"] = json!(alg);
            format!("{}.{claims}", encoded(&head.to_string()))
        };
        for alg in ["none", "None", "NONE", "nOnE"] {
            add(&format!("alg {alg} without a signature"), format!("{}.", unsigned(alg)));
            add(
                &format!("alg {alg} with the old signature"),
                format!("{}.{signature}", unsigned(alg)),
            );
        }
        let public_key = self.key.public_key().as_ref();
        for (alg, algorithm) in [("HS256", hmac::HMAC_SHA256), ("HS512", hmac::HMAC_SHA512)] {
            let message = unsigned(alg);
            let mac = hmac::sign(&hmac::Key::new(algorithm, public_key), message.as_bytes());
            let mac = BASE64_URL_SAFE_NO_PAD.encode(mac);
            add(&format!("{alg} keyed with the public key"), format!("{message}.{mac}"));
        }
        for alg in ["ES256", "RS256", "Ed25519", "eddsa", "EdDSA ", ""] {
            add(&format!("alg {alg:?}"), self.with_head("alg", json!(alg)));
        }
        add("alg as a list", self.with_head("alg", json!(["EdDSA"])));
        add("alg null", self.with_head("alg", Value::Null));
        add(
            "no alg",
            self.head(|head| {
                head.as_object_mut().unwrap().remove("alg");
            }),
        );

        // another key
        let other = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let other = Ed25519KeyPair::from_pkcs8(other.as_ref()).unwrap();
        let by_other = |head: Value| {
            let message = format!("{}.{claims}", encoded(&head.to_string()));
            let signature = BASE64_URL_SAFE_NO_PAD.encode(other.sign(message.as_bytes()));
            format!("{message}.{signature}")
        };
        let jwk = json!({
            "kty": "OKP", "crv": "Ed25519", "kid": self.kid,
            "x": BASE64_URL_SAFE_NO_PAD.encode(other.public_key().as_ref()),
        });
        add("another key", by_other(self.head.clone()));
        for (field, value) in [
            ("jwk", jwk.clone()),
            ("jku", json!("https://attacker.example/jwks.json")),
            ("x5u", json!("https://attacker.example/cert.pem")),
            ("x5c", json!(["MIIB"])),
        ] {
            let mut head = self.head.clone();
            head[field] = value.clone();
            add(&format!("another key that {field} names"), by_other(head));
            add(
                &format!("{field} beside the right signature"),
                self.with_head(field, value),
            );
        }

        // the name of the key
        for (what, kid) in [
            ("a path", json!("../../../../dev/null")),
            ("SQL", json!("' OR 1=1 --")),
            ("SQL that gives a key", json!("x' UNION SELECT 'AAAA' --")),
            ("100 kB", json!("k".repeat(100_000))),
            ("of no key", json!("00000000-0000-7000-8000-000000000000")),
            ("empty", json!("")),
            ("a number", json!(1)),
            ("with a NUL", json!("a\u{0}b")),
        ] {
            add(&format!("a kid that is {what}"), self.with_head("kid", kid));
        }
        add(
            "no kid",
            self.head(|head| {
                head.as_object_mut().unwrap().remove("kid");
            }),
        );

        // the rest of the head
        add(
            "unknown crit",
            self.head(|head| {
                head["crit"] = json!(["exp"]);
            }),
        );
        add(
            "crit that names itself",
            self.head(|head| {
                head["crit"] = json!(["b64"]);
                head["b64"] = json!(false);
            }),
        );
        add("empty crit", self.with_head("crit", json!([])));
        for typ in ["JWT", "jwt", "at+JWT", "application/at+jwt", "dpop+jwt", ""] {
            add(&format!("typ {typ:?}"), self.with_head("typ", json!(typ)));
        }
        add(
            "no typ",
            self.head(|head| {
                head.as_object_mut().unwrap().remove("typ");
            }),
        );
        add("a compressed payload", self.with_head("zip", json!("DEF")));
        add("a nested token", self.with_head("cty", json!("JWT")));
        let claims_json = self.claims.to_string();
        let head_json = self.head.to_string();
        add("alg twice", self.sign(&self.doubled(&self.head, "alg"), &claims_json));
        add("kid twice", self.sign(&self.doubled(&self.head, "kid"), &claims_json));
        add("a head that is no object", self.sign("[]", &claims_json));
        add("a head that is no JSON", self.sign("head", &claims_json));

        // the claims
        for claim in ["iss", "sub", "aud", "exp", "iat", "jti", "sid", "role"] {
            add(&format!("no {claim}"), self.without(claim));
            add(&format!("{claim} null"), self.with(claim, Value::Null));
            add(
                &format!("{claim} as a list"),
                self.with(claim, json!([self.claims[claim]])),
            );
            add(
                &format!("{claim} twice"),
                self.sign(&head_json, &self.doubled(&self.claims, claim)),
            );
        }
        for claim in ["exp", "iat"] {
            add(
                &format!("{claim} as a string"),
                self.with(claim, json!(self.claims[claim].to_string())),
            );
            add(
                &format!("{claim} as a fraction"),
                self.with(claim, json!(now as f64 + 0.5)),
            );
            add(
                &format!("{claim} beyond all numbers"),
                self.claims(|claims| {
                    claims[claim] = serde_json::from_str("1e300").unwrap();
                }),
            );
            add(&format!("{claim} negative"), self.with(claim, json!(-1)));
        }
        add(
            "expired this second",
            self.claims(|c| {
                c["exp"] = json!(now);
                c["iat"] = json!(now - 900);
            }),
        );
        add("good for a year", self.with("exp", json!(now + 31_536_000)));
        add(
            "issued in the future",
            self.claims(|c| {
                c["iat"] = json!(now + 3600);
                c["exp"] = json!(now + 4500);
            }),
        );
        add("not good yet", self.with("nbf", json!(now + 3600)));
        add("nbf as a string", self.with("nbf", json!("now")));
        add(
            "expires before it is issued",
            self.claims(|c| {
                c["iat"] = json!(now + 10);
                c["exp"] = json!(now + 5);
            }),
        );
        add("a foreign issuer", self.with("iss", json!("https://attacker.example")));
        add("a foreign audience", self.with("aud", json!("another-service")));
        add(
            "one audience of several",
            self.with("aud", json!(["citizens-charter", "another-service"])),
        );
        for role in ["root", "Administrator", "ADMINISTRATOR", "officer ", ""] {
            add(&format!("the role {role:?}"), self.with("role", json!(role)));
        }
        add("the role of somebody else", self.with("role", json!("administrator")));
        add("the role of a system", self.with("role", json!("client")));
        add(
            "nobody's sub",
            self.with("sub", json!("00000000-0000-7000-8000-000000000000")),
        );
        add("a sub that is no id", self.with("sub", json!("officer@example.org")));
        add(
            "nobody's session",
            self.with("sid", json!("00000000-0000-7000-8000-000000000000")),
        );
        add("claims that are no object", self.sign(&head_json, "[]"));
        add("claims that are no JSON", self.sign(&head_json, "claims"));
        add("endless claims", self.with("office", json!("x".repeat(100_000))));

        // the signature and the form
        add("no signature", format!("{message}."));
        add("no third part", message.to_owned());
        add("one part", head.to_owned());
        add("nothing", String::new());
        add("four parts", format!("{}.{signature}", self.token));
        add("an empty head", format!(".{claims}.{signature}"));
        add("an empty payload", format!("{head}..{signature}"));
        add("padding", format!("{}=", self.token));
        add("the standard alphabet", format!("{message}.+/{}", &signature[2..]));
        add("half a signature", format!("{message}.{}", &signature[..43]));
        add("the signature twice", format!("{message}.{signature}{signature}"));
        add(
            "a signature of zeros",
            format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode([0; 64])),
        );
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
        for (what, bent) in [("first", 0), ("last of R", 31), ("first of S", 32), ("last", 63)] {
            bytes[bent] ^= 1;
            add(
                &format!("a bent {what} byte"),
                format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(&bytes)),
            );
            bytes[bent] ^= 1;
        }
        add(
            "a signature that says the same otherwise",
            format!("{message}.{}", malleable(&bytes)),
        );
        // the last letter of 64 bytes in base64 has four bits that stand for nothing
        let (start, last) = signature.split_at(signature.len() - 1);
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let next = alphabet.chars().nth(alphabet.find(last).unwrap() + 1).unwrap();
        add("bits that stand for nothing", format!("{message}.{start}{next}"));
        forged
    }
}

/// The same signature with S + L in the place of S, which a careless verifier takes too (RFC 8032, section 8.4).
fn malleable(signature: &[u8]) -> String {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut bent = signature.to_vec();
    let mut carry = 0;
    for (byte, order) in bent[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        [*byte, _] = sum.to_le_bytes();
        carry = sum >> 8;
    }
    BASE64_URL_SAFE_NO_PAD.encode(bent)
}

on_both_engines! {
    async fn every_forged_token_is_refused(app: TestApp) {
        let forge = Forge::new(&app).await;
        assert!(app.is_good(&forge.token).await);
        assert!(app.is_good(&forge.claims(|_| {})).await, "a token that is only written anew is good: the forge works");
        let forged = forge.all();
        assert!(forged.len() >= 100, "{}", forged.len());
        for (what, token) in forged {
            // a head of 100 kB is too long for the server's own reading; what reaches it is refused
            let response = app.signed(Method::GET, "/v1/auth/session", &token).send().await;
            let response = response.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(response.status(), 401, "{what}");
            if !token.is_empty() {
                assert_eq!(response.headers()["www-authenticate"], "Bearer error=\"invalid_token\"", "{what}");
            }
            let problem = problem(response, 401).await;
            assert_eq!(problem["code"], "invalid_token", "{what}");
            let public = app.signed(Method::GET, "/v1/offices", &token).send().await.unwrap();
            assert_eq!(public.status(), 401, "{what}: also where no token is needed");
        }
    }
}

on_both_engines! {
    async fn a_token_is_sent_as_one_bearer_or_not_at_all(app: TestApp) {
        let token = app.token(Who::Officer).await;
        for (authorization, status) in [
            (format!("Bearer {token}"), 200),
            (format!("bearer {token}"), 200),
            (format!("Basic {token}"), 401),
            (format!("Token {token}"), 401),
            (token.clone(), 401),
            ("Bearer".to_owned(), 401),
            (String::new(), 401),
        ] {
            let request = app.request(Method::GET, "/v1/auth/session").header("Authorization", &authorization);
            assert_eq!(request.send().await.unwrap().status(), status, "{authorization:.12}");
        }
        let twice = app.signed(Method::GET, "/v1/auth/session", &token).header("Authorization", "Bearer x");
        assert_eq!(twice.send().await.unwrap().status(), 401);
    }
}
