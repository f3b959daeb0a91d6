DROP TABLE change_counter;
DROP TABLE changes;
