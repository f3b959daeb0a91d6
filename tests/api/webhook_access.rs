//! Whose webhooks are whose, and where messages may not be sent to.

use reqwest::Method;
use serde_json::{Value, json};

use crate::people::Who;
use crate::support::{TestApp, TestDatabase, code_of, faults, on_both_engines};
use crate::webhooks::subscribe;

on_both_engines! {
    async fn nobody_else_sees_or_changes_it(app: TestApp) {
        let (client, admin) = (app.token(Who::Client).await, app.token(Who::Administrator).await);
        let other = app.token(Who::Client).await;
        let (path, _) = subscribe(
            &app,
            &client,
            json!({"url": "https://127.0.0.1/hook", "events": ["case_changed"]}),
        )
        .await;
        for stranger in [&other, &admin] {
            for (method, address) in [
                (Method::GET, path.clone()),
                (Method::DELETE, path.clone()),
                (Method::POST, format!("{path}/secret")),
                (Method::POST, format!("{path}/test")),
                (Method::POST, format!("{path}/disable")),
                (Method::POST, format!("{path}/enable")),
                (Method::GET, format!("{path}/deliveries")),
                (Method::POST, format!("{path}/deliveries/msg_1/replay")),
            ] {
                let refused = app.signed(method, &address, stranger).send().await.unwrap();
                assert_eq!(code_of(refused, 403).await, "permission_denied", "{address}");
            }
            assert_eq!(app.seen("/v1/webhooks", stranger).await["items"], json!([]));
        }
        let create = async |subscription: Value| app.write(Method::POST, "/v1/webhooks", &client, subscription).await;
        for (url, events, expected) in [
            ("http://10.0.0.1/hook", json!(["case_changed"]), "/url not_allowed"),
            (
                "https://169.254.169.254/latest",
                json!(["case_changed"]),
                "/url not_allowed",
            ),
            ("https://[::1]/", json!(["case_changed"]), "/url not_allowed"),
            (
                "https://no-such-name.invalid/",
                json!(["case_changed"]),
                "/url not_allowed",
            ),
            ("https://127.0.0.1/", json!(["test"]), "/events/0 not_allowed"),
            ("https://127.0.0.1/", json!([]), "/events too_few"),
        ] {
            assert_eq!(
                faults(create(json!({"url": url, "events": events})).await).await,
                [expected]
            );
        }
        let office = json!({"url": "https://127.0.0.1/", "events": ["charter_changed"], "office": "no-such-office"});
        assert_eq!(faults(create(office).await).await, ["/office unknown_office"]);
        let gone = app.signed(Method::DELETE, &path, &client).send().await.unwrap();
        assert_eq!(gone.status(), 204);
        assert_eq!(
            app.signed(Method::GET, &path, &client).send().await.unwrap().status(),
            404
        );
    }
}
