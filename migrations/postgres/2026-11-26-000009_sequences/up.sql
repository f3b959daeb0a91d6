-- The change that left each entry as it is now: the row of changes that holds the state in which it is served. A list then
-- finds each of its states by a number.
ALTER TABLE services ADD COLUMN sequence BIGINT;
ALTER TABLE officers ADD COLUMN sequence BIGINT;
ALTER TABLE upazila_offices ADD COLUMN sequence BIGINT;
UPDATE services SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = services.id AND kind = 'service');
UPDATE officers SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = officers.id AND kind = 'officer');
UPDATE upazila_offices
SET sequence = (SELECT max(sequence) FROM changes WHERE changes.id = upazila_offices.id AND kind = 'upazila_office');

-- Cases are found by the beginnings of words: their index is one of words, a tenth of the size of one of trigrams, and as much less
-- to write with each case. Each word stands behind the office whose list it is found in, so that a rare word costs as much at an
-- office of half a million cases as at any other; where all offices are searched, behind nothing. The text is folded, with two
-- spaces in front of each word. A lexeme has a length that it may not pass; no query has as many characters.
CREATE FUNCTION search_words(folded TEXT, within TEXT[]) RETURNS TSVECTOR LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT left(place || ' ' || word, 500))), '')
    FROM unnest(string_to_array(folded, '  ')) AS word CROSS JOIN unnest(within) AS place WHERE word <> ''
$$;
DROP INDEX service_requests_search;
CREATE INDEX service_requests_search ON service_requests USING gin (search_words(search, ARRAY[office]));
DROP INDEX grievances_search;
CREATE INDEX grievances_search ON grievances USING gin (search_words(search, ARRAY[office, appeal_office, '']));
