DROP TABLE service_requests_search;
DROP TABLE case_events;
DROP TABLE service_requests;
