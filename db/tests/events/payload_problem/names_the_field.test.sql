-- Test: payload_problem - names the first field that does not fit, and nothing when all fit. FND-14.
begin;
select plan(34);
create function pg_temp.problem(payload text) returns text language sql as $$
  select app_private.payload_problem('{
    "type": "object", "additionalProperties": false, "required": ["id"],
    "properties": {
      "id": {"type": "string", "format": "uuid"},
      "at": {"type": "string", "format": "date-time"},
      "count": {"type": "integer"},
      "share": {"type": "number"},
      "open": {"type": "boolean"},
      "kind": {"type": "string", "enum": ["a", "b"]},
      "other": {"type": ["string", "null"], "format": "uuid"},
      "from": {"type": ["string", "null"], "enum": ["a", null]},
      "known": {"type": ["string", "boolean"], "format": "uuid"}
    }}', payload::jsonb)
$$;
create function pg_temp.fits(fields text) returns text language sql as $$
  select pg_temp.problem('{"id": "0190c0de-0000-7000-8000-000000000001"' || coalesce(', ' || fields, '') || '}')
$$;

select is(pg_temp.fits(null), null, 'what is required is enough');
select is(pg_temp.fits('"at": "2027-03-01T08:00:00Z"'), null, 'an instant in UTC');
select is(pg_temp.fits('"at": "2027-03-01T08:00:00.123456+02:00"'), null, 'an instant with offset and fractions, as to_jsonb writes it');
select is(pg_temp.fits('"count": 3'), null, 'an integer');
select is(pg_temp.fits('"count": 3.0'), null, 'an integer with a point');
select is(pg_temp.fits('"share": 0.5'), null, 'a number');
select is(pg_temp.fits('"open": false'), null, 'a boolean');
select is(pg_temp.fits('"kind": "a"'), null, 'a value of the enumeration');
select is(pg_temp.fits('"other": null'), null, 'null where null is allowed');
select is(pg_temp.fits('"other": "0190c0de-0000-7000-8000-000000000001"'), null, 'a value where null is allowed');
select is(pg_temp.fits('"from": null'), null, 'null in an enumeration');
select is(pg_temp.fits('"share": 2'), null, 'a number without a fraction');
select is(pg_temp.fits('"known": true'), null, 'a format speaks of texts only');

select is(pg_temp.problem('null'), '$', 'null is no object');
select is(pg_temp.problem('[]'), '$', 'an array is none');
select is(pg_temp.problem('"text"'), '$', 'text is none');
select is(app_private.payload_problem('{"required": ["id"], "properties": {}}', null), '$', 'nothing is none');
select is(pg_temp.problem('{}'), 'id', 'a required field is missing');
select is(pg_temp.problem('{"id": null}'), 'id', 'null where a value is required');
select is(pg_temp.problem('{"id": "1"}'), 'id', 'no uuid');
select is(pg_temp.problem('{"id": 1}'), 'id', 'a number for a text');
select is(pg_temp.fits('"email": "a@b.test"'), 'email', 'a field that is not in the schema');
select is(pg_temp.fits('"at": "2027-03-01"'), 'at', 'a date is no instant');
select is(pg_temp.fits('"at": "2027-02-30T08:00:00Z"'), 'at', 'a day that does not exist');
select is(pg_temp.fits('"at": "2027-03-01T08:00:00"'), 'at', 'an instant without a zone');
select is(pg_temp.fits('"at": "infinity"'), 'at', 'infinity');
select is(pg_temp.fits('"count": 3.5'), 'count', 'a fraction for an integer');
select is(pg_temp.fits('"count": "3"'), 'count', 'text for an integer');
select is(pg_temp.fits('"open": 1'), 'open', 'a number for a boolean');
select is(pg_temp.fits('"kind": "c"'), 'kind', 'a value outside the enumeration');
select is(pg_temp.fits('"kind": {"a": "b"}'), 'kind', 'an object for a scalar');
select is(pg_temp.fits('"from": "b"'), 'from', 'a value outside a nullable enumeration');
select is(pg_temp.fits('"other": "x"'), 'other', 'a wrong value where null is allowed');
select is(pg_temp.fits('"known": "x"'), 'known', 'a text that has not the format');
select * from finish();
rollback;
