//! Passwords: hashed with Argon2id, away from the threads that serve, and a few at a time.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zxcvbn::{Score, zxcvbn};

use super::Error;
use crate::domain::fault::Fault;
use crate::domain::secret::Password;
use crate::store;
use crate::store::turn::{Queue, STANDS};

/// How long a password waits for its turn before the service says that it is busy.
const WAIT: Duration = Duration::from_secs(5);

/// As many hashes at once as there are cores: each fills one.
static CORES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));

/// Those whose passwords wait.
static QUEUE: LazyLock<Arc<Queue>> = LazyLock::new(|| Queue::new(WAIT, STANDS, 4));

/// The hash of a password that nobody knows: an unknown account costs what a wrong password costs.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aTjHsTmLC4dDxCsk1Xje6g$1ELw6iZg7QkUT8ps6rPEzpP0AL9XN7TBsX7YPRrBk0s";

/// Argon2id as OWASP recommends it: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The same password from every keyboard: in normal form (NIST SP 800-63B).
fn normal(password: &Password) -> String {
    password.expose().nfkc().collect()
}

fn hashed(password: &Password) -> Result<String, Error> {
    let hash = argon2().hash_password(normal(password).as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| Error::Cryptography(error.to_string()))
}

/// The hash of a new password of whoever has an e-mail address, in the PHC string format.
///
/// # Errors
/// [`Error::Invalid`] at this pointer where it is one of the first that a guesser tries; [`Error::Store`] where too many wait;
/// [`Error::Cryptography`].
pub(super) async fn hash(password: Password, email: String, pointer: &'static str) -> Result<String, Error> {
    in_turn(move || {
        if is_guessable(&password, &email) {
            let detail = "is easy to guess: take several words that do not belong together";
            return Err(Error::Invalid(vec![Fault::new(pointer, "guessable", detail)]));
        }
        hashed(&password)
    })
    .await?
}

/// Whether a guesser who knows the address, the usual words and passwords, and how people change them, finds it in ten
/// thousand million guesses (ASVS 5.0, 6.2.4 and 6.2.11).
fn is_guessable(password: &Password, email: &str) -> bool {
    let name = email.split('@').next().unwrap_or_default();
    let known: Vec<&str> = email
        .split(|c: char| !c.is_alphanumeric())
        .chain([email, name, "citizens", "charter", "citizens-charter", "doict"])
        .collect();
    zxcvbn(&normal(password), &known).score() < Score::Three
}

/// Whether a password is the one of a hash. Where there is none the answer is no, after the same work.
///
/// # Errors
/// [`Error::Store`] where too many wait.
pub(super) async fn verify(password: Password, hash: Option<String>) -> Result<bool, Error> {
    in_turn(move || is_right(&password, hash.as_deref())).await
}

fn is_right(password: &Password, hash: Option<&str>) -> bool {
    let known = hash.is_some();
    let right = PasswordHash::new(hash.unwrap_or(NOBODYS))
        .is_ok_and(|hash| argon2().verify_password(normal(password).as_bytes(), &hash).is_ok());
    right && known
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let (wait, mut turn) = QUEUE.join()?;
    let done = async move {
        let _core = CORES.acquire().await;
        turn.begin();
        tokio::task::spawn_blocking(work).await
    };
    wait.for_answer(done)
        .await?
        .map_err(|_| Error::Store(store::Error::Panicked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_guesser_tries_first_is_no_password() {
        for password in [
            "password",
            "Passw0rd!",
            "12345678901234",
            "qwertyuiop",
            "aaaaaaaaaaaaaaaa",
            "bangladesh1971",
            "rahima.khatun",
            "Khatun2026!",
            "citizens-charter",
            "abcdefgh12",
        ] {
            assert!(
                is_guessable(&password.into(), "rahima.khatun@doict.gov.bd"),
                "{password}"
            );
        }
        for password in [
            "correct horse battery staple",
            "ঢাকা ২০২৬ পাসওয়ার্ড",
            "v7!kQz#m2pLx",
            "jute river lantern ৭১",
        ] {
            assert!(
                !is_guessable(&password.into(), "rahima.khatun@doict.gov.bd"),
                "{password}"
            );
        }
    }

    #[test]
    fn a_password_is_known_by_its_hash_only() {
        let hash = hashed(&"ঢাকা ২০২৬ পাসওয়ার্ড".into()).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        // the same letters, composed and not
        let decomposed: Password = "ঢাকা ২০২৬ পাসওয়ার্ড".nfd().collect::<String>().into();
        assert!(is_right(&decomposed, Some(&hash)));
        assert!(!is_right(&"ঢাকা ২০২৫ পাসওয়ার্ড".into(), Some(&hash)));
        assert!(!is_right(&"anything".into(), None));
        let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert!(PasswordHash::new(NOBODYS).is_ok());
        assert_eq!(parameters(NOBODYS), parameters(&hash), "the same work");
        assert!(!is_right(&"anything".into(), Some("no hash")));
    }
}
