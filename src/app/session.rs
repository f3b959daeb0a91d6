//! Signing in and out, and what a token that is presented stands for.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::handling::Absences;
use super::throttle::{self, Attempt};
use super::token::{self, Claims, Unverified};
use super::{App, Error, password, signing_key};
use crate::domain::account::Account;
use crate::domain::calendar::dhaka_day;
use crate::domain::officer::Officer;
use crate::domain::officer::OfficerContact;
use crate::domain::permission::{Actor, Role};
use crate::domain::secret::Password;
use crate::domain::session::{ClientToken, Credentials, PasswordChange, RefreshToken, Session, Tokens};
use crate::store::session::{Presented, Who};
use crate::store::{AnyConnection, absence, account, client, failed_attempt, served, session};

/// How long a session goes on at most.
const SESSION: TimeDelta = TimeDelta::days(30);
/// How long a session may rest.
const REST: TimeDelta = TimeDelta::days(7);
/// How an access token is sent.
const BEARER: &str = "Bearer";

impl App {
    /// Opens a session for whoever knows the e-mail address and the password of an account.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], after the same work whether the address is unknown, the password wrong or the account
    /// disabled; [`Error::TooManyAttempts`]; [`Error::Store`].
    pub async fn log_in(&self, credentials: Credentials, from: Option<IpAddr>) -> Result<Tokens, Error> {
        let email = credentials.email.as_str().to_lowercase();
        let (attempt, found) = self.attempt(email, from).await?;
        let proven = self.proven(credentials.password, found, &attempt).await?;
        let (issuer, now) = (self.issuer(), self.now());
        self.store
            .write(move |connection| {
                let account = proven.still(connection)?;
                failed_attempt::forgive(&attempt.shares, attempt.at, connection)?;
                throttle::know(account.id, from, now, connection)?;
                let session = Uuid::now_v7();
                session::open(session, account.id, now, now + SESSION, connection)?;
                tokens(&issuer, session, now + SESSION, &account, now, connection)
            })
            .await
    }

    /// Counts an attempt to sign in with an account, and finds it with its password's hash.
    async fn attempt(
        &self,
        email: String,
        from: Option<IpAddr>,
    ) -> Result<(Attempt, Option<(Account, String)>), Error> {
        let now = self.now();
        self.store
            .write(move |connection| {
                let found = account::by_email(&email, connection)?;
                let account = found.as_ref().map(|(account, _)| account.id);
                let attempt = throttle::of_an_account(&email, account, from, now, connection)?;
                // an error would take the count back
                Ok::<_, Error>(attempt.map(|attempt| (attempt, found)))
            })
            .await?
    }

    /// The account that was found, where it may sign in and the password is its own.
    async fn proven(
        &self,
        password: Password,
        found: Option<(Account, String)>,
        attempt: &Attempt,
    ) -> Result<Proven, Error> {
        let found = found.filter(|(account, _)| !account.disabled);
        let right = password::verify(password, found.as_ref().map(|(_, hash)| hash.clone())).await?;
        match found.filter(|_| right) {
            Some((account, password_hash)) => Ok(Proven { account, password_hash }),
            None => {
                log::info!("an attempt to sign in at {} failed", attempt.at.timestamp());
                Err(Error::InvalidCredentials)
            }
        }
    }

    /// Goes on with a session: new tokens for a refresh token, which is used up.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] where the token is unknown or has expired; [`Error::RefreshTokenReused`] where it was
    /// used before, which ends the session; [`Error::Store`].
    pub async fn refresh(&self, refresh_token: RefreshToken) -> Result<Tokens, Error> {
        let (issuer, now) = (self.issuer(), self.now());
        let hash = token::secret_hash(refresh_token.expose());
        self.store
            .write(move |connection| {
                let id = match session::use_refresh_token(&hash, now, connection)? {
                    Presented::Good(id) => id,
                    // an error would take the end of the session back
                    Presented::Reused => return Ok(Err(Error::RefreshTokenReused)),
                    Presented::Unknown => return Ok(Err(Error::InvalidCredentials)),
                };
                let Some(open) = session::get(id, now, connection)? else {
                    return Ok(Err(Error::InvalidCredentials));
                };
                match account::get(open.subject, connection)?.filter(|account| !account.disabled) {
                    Some(account) => tokens(&issuer, id, open.expires_at, &account, now, connection).map(Ok),
                    None => Ok(Err(Error::InvalidCredentials)),
                }
            })
            .await?
    }

    /// Ends the session of a refresh token, and that of whoever is signed in. One that has ended already is no error.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn log_out(&self, refresh_token: Option<RefreshToken>, actor: Option<Actor>) -> Result<(), Error> {
        let hash = refresh_token.map(|refresh_token| token::secret_hash(refresh_token.expose()));
        self.store
            .write(move |connection| {
                if let Some(hash) = hash {
                    session::end_by_refresh_token(&hash, connection)?;
                }
                if let Some(actor) = actor {
                    session::end(actor.session, connection)?;
                }
                Ok(())
            })
            .await
    }

    /// Changes one's own password, and ends all one's sessions.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] where the current password is wrong; [`Error::Invalid`] where the new one is easy to guess;
    /// [`Error::TooManyAttempts`]; [`Error::Store`].
    pub async fn change_password(
        &self,
        actor: &Actor,
        change: PasswordChange,
        from: Option<IpAddr>,
    ) -> Result<(), Error> {
        let id = actor.id;
        let own = self
            .store
            .read(move |connection| Ok::<_, Error>(account::get(id, connection)?));
        let own = own.await?.ok_or(Error::InvalidToken)?;
        let (attempt, found) = self.attempt(own.email.as_str().to_owned(), from).await?;
        let proven = self.proven(change.current_password, found, &attempt).await?;
        let email = own.email.as_str().to_owned();
        let hash = password::hash(change.new_password, email, "/new_password").await?;
        let now = self.now();
        self.store
            .write(move |connection| {
                let account = proven.still(connection)?;
                failed_attempt::forgive(&attempt.shares, attempt.at, connection)?;
                account::set_password(account.id, &hash, now, connection)?;
                Ok(session::end_all(account.id, connection)?)
            })
            .await
    }

    /// Gives a client a token for its id and secret (RFC 6749, section 4.4).
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::TooManyAttempts`], [`Error::Store`].
    pub async fn issue_client_token(
        &self,
        id: Option<Uuid>,
        secret: String,
        from: Option<IpAddr>,
    ) -> Result<ClientToken, Error> {
        let (issuer, now) = (self.issuer(), self.now());
        self.store
            .write(move |connection| {
                let attempt = match throttle::of_an_address(from, now, connection)? {
                    Ok(attempt) => attempt,
                    Err(throttled) => return Ok(Err(throttled)),
                };
                let known = match id {
                    Some(id) => client::secret_hash(id, connection)?.map(|hash| (id, hash)),
                    None => None,
                };
                let Some((id, _)) = known.filter(|(_, hash)| token::is_secret(&secret, hash)) else {
                    return Ok(Err(Error::InvalidCredentials));
                };
                failed_attempt::forgive(&attempt.shares, attempt.at, connection)?;
                let session = Uuid::now_v7();
                session::open(session, id, now, now + token::LIFETIME, connection)?;
                let claims = Claims::new(&issuer, (id, session), Role::Client, None, now);
                Ok::<_, Error>(Ok(ClientToken {
                    access_token: token::sign(&claims, &signing_key::current(now, connection)?)?,
                    token_type: BEARER,
                    expires_in: expires_in(),
                }))
            })
            .await?
    }

    /// Who presents a token. Looked up each time: a session that has ended, an account that was disabled and a password
    /// that was changed end their tokens at once.
    ///
    /// # Errors
    /// [`Error::InvalidToken`], [`Error::Store`].
    pub async fn authenticate(&self, token: String) -> Result<Actor, Error> {
        // a head that is not ours costs no look-up
        let unverified = Unverified::read(&token, &self.signatures)?;
        let now = self.now();
        let names = (unverified.kid, unverified.claims.sid);
        let behind = session::behind(names, now, &self.store).await?;
        let behind = behind.ok_or(Error::InvalidToken)?;
        let claims = unverified.verify(&behind.public_key, &self.signatures, &self.issuer(), now)?;
        if behind.subject != Some(claims.sub) {
            return Err(Error::InvalidToken);
        }
        actor(claims, behind.who).ok_or(Error::InvalidToken)
    }

    /// Who somebody is signed in as.
    ///
    /// # Errors
    /// [`Error::InvalidToken`] where the session has ended meanwhile; [`Error::Store`].
    pub async fn get_session(&self, actor: Actor) -> Result<Session, Error> {
        let now = self.now();
        self.store
            .read(move |connection| {
                let open = session::get(actor.session, now, connection)?.ok_or(Error::InvalidToken)?;
                let (email, name) = match actor.role {
                    Role::Client => (None, client::get(actor.id, connection)?.map(|client| client.name)),
                    _ => (account::get(actor.id, connection)?.map(|account| account.email), None),
                };
                Ok(Session {
                    subject: actor.id,
                    role: actor.role,
                    email,
                    name,
                    standing_in_for: standing_in_for(&actor, now, connection)?,
                    office: actor.office,
                    officer: actor.officer,
                    expires_at: open.expires_at,
                })
            })
            .await
    }
}

/// An account whose password was right.
struct Proven {
    account: Account,
    password_hash: String,
}

impl Proven {
    /// The account as it is by now: while the hash was computed it may have been disabled, or have got another password.
    fn still(&self, connection: &mut AnyConnection) -> Result<Account, Error> {
        match account::by_email(self.account.email.as_str(), connection)? {
            Some((account, hash)) if !account.disabled && hash == self.password_hash => Ok(account),
            _ => Err(Error::InvalidCredentials),
        }
    }
}

/// The officers for whom an alternate officer stands in on this day.
fn standing_in_for(
    actor: &Actor,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Vec<OfficerContact>, Error> {
    let (Role::AlternateOfficer, Some(alternate)) = (actor.role, actor.officer) else {
        return Ok(Vec::new());
    };
    let today = dhaka_day(now);
    let officers = absence::officers_before(alternate, connection)?;
    let absences = Absences::on(&officers, today, connection)?;
    let mut stood_in_for = Vec::new();
    for id in officers {
        if absences.stand_in_for(id, today, false) {
            stood_in_for.extend(served::entry::<Officer>(id, connection)?.map(|officer| officer.contact));
        }
    }
    Ok(stood_in_for)
}

/// Who acts with these claims, as the database has it now; nobody where that is disabled, or in another role by now.
fn actor(claims: Claims, who: Option<Who>) -> Option<Actor> {
    let (role, office, officer) = match who? {
        Who::Account(role, office, officer) => (role, office, officer),
        Who::Client => (Role::Client, None, None),
    };
    (role == claims.role).then_some(Actor {
        id: claims.sub,
        role,
        office,
        officer,
        session: claims.sid,
    })
}

/// The next tokens of a session.
fn tokens(
    issuer: &str,
    session: Uuid,
    session_ends: DateTime<Utc>,
    account: &Account,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<Tokens, Error> {
    let refresh_token = token::new_secret()?;
    let expires_at = session_ends.min(now + REST);
    session::give_refresh_token(session, &token::secret_hash(&refresh_token), expires_at, connection)?;
    let role = Role::from(account.role);
    let claims = Claims::new(issuer, (account.id, session), role, account.office.clone(), now);
    Ok(Tokens {
        access_token: token::sign(&claims, &signing_key::current(now, connection)?)?,
        refresh_token,
        token_type: BEARER,
        expires_in: expires_in(),
        role,
    })
}

fn expires_in() -> i32 {
    i32::try_from(token::LIFETIME.num_seconds()).unwrap_or(i32::MAX)
}
