DROP TABLE blacklist_entries;
DROP TABLE blacklist_keys;
DROP TABLE grievance_stays;
DROP TABLE grievance_complainants;
DROP TABLE grievances;
