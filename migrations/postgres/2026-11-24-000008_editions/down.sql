ALTER TABLE changes RESET (toast_tuple_target);
ALTER TABLE change_counter DROP COLUMN edition;
