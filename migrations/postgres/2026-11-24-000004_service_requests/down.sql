DROP TABLE case_events;
DROP TABLE service_requests;
