-- Another number after every change of public data that the change feed does not tell of: the calendar, the order of a
-- charter's lists. Together with last_sequence it says which state all public data is in. It is random, so that no number stands
-- for two states, one of which was rolled back.
ALTER TABLE change_counter ADD COLUMN edition BIGINT NOT NULL DEFAULT 0;

-- The states are what reads look up: they stay in their rows as they are, where PostgreSQL would compress them and take each
-- apart again for every reader. What was recorded before is left as it is.
ALTER TABLE changes SET (toast_tuple_target = 8160);
