//! Webhooks, and the outbox of all messages.

diesel::table! {
    webhooks (seq) {
        seq -> BigInt,
        id -> Text,
        owner -> Text,
        url -> Text,
        charter_changed -> Bool,
        case_changed -> Bool,
        office -> Nullable<Text>,
        description -> Nullable<Text>,
        secret -> Nullable<Text>,
        previous_secret -> Nullable<Text>,
        previous_until -> Nullable<Timestamp>,
        disabled -> Bool,
        disabled_reason -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    messages (seq) {
        seq -> BigInt,
        webhook_id -> Nullable<Text>,
        event -> Text,
        topic -> Text,
        case_id -> Nullable<Text>,
        case_number -> Nullable<Integer>,
        change_sequence -> Nullable<BigInt>,
        state -> Text,
        attempts -> Integer,
        created_at -> Timestamp,
        next_attempt_at -> Timestamp,
        given_up_at -> Timestamp,
        last_attempt_at -> Nullable<Timestamp>,
        status -> Nullable<Integer>,
        failure -> Nullable<Text>,
        channel -> Text,
        recipient -> Text,
    }
}
