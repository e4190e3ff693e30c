-- Test: settings_problem - names the first setting that does not fit what the provider declares. FND-23.
begin;
select plan(33);
create function pg_temp.problem(settings jsonb) returns text language sql as $$
  select app_private.settings_problem('[
    {"name": "host", "kind": "text", "required": true},
    {"name": "note", "kind": "text", "required": false},
    {"name": "port", "kind": "integer", "required": false},
    {"name": "secure", "kind": "boolean", "required": false},
    {"name": "endpoint", "kind": "url", "required": false},
    {"name": "sender", "kind": "email", "required": false},
    {"name": "number", "kind": "phone", "required": false}]', settings)
$$;
create function pg_temp.with_host(settings jsonb) returns text language sql as $$
  select pg_temp.problem('{"host": "h"}' || settings)
$$;

select is(pg_temp.problem('{"host": "h"}'), null, 'one character for what is required is enough');
select is(pg_temp.problem('{}'), 'host', 'what is required is missing');
select is(pg_temp.problem('{"host": null}'), 'host', 'nothing is not something');
select is(pg_temp.with_host('{"note": null}'), null, 'except where nothing is asked for');
select is(pg_temp.with_host('{"colour": "red"}'), 'colour', 'nobody declared this');
select is(pg_temp.problem('{"colour": "red"}'), 'colour', 'of two problems the first by name');
select is(pg_temp.with_host(jsonb_build_object('note', repeat('x', 300))), null, 'three hundred characters');
select is(pg_temp.with_host(jsonb_build_object('note', repeat('x', 301))), 'note', 'are the most');
select is(pg_temp.with_host('{"note": ""}'), 'note', 'an empty text says nothing');
select is(pg_temp.with_host('{"note": "  "}'), 'note', 'neither do blanks');
select is(pg_temp.with_host('{"note": "two\nlines"}'), 'note', 'a text is one line');
select is(pg_temp.with_host('{"note": 5}'), 'note', 'a number is no text');
select is(pg_temp.with_host('{"port": 587}'), null, 'a whole number');
select is(pg_temp.with_host('{"port": 999999999}'), null, 'of nine digits');
select is(pg_temp.with_host('{"port": 1000000000}'), 'port', 'and no more');
select is(pg_temp.with_host('{"port": -1}'), 'port', 'not below zero');
select is(pg_temp.with_host('{"port": 1.5}'), 'port', 'not a part of one');
select is(pg_temp.with_host('{"port": "587"}'), 'port', 'digits in a text are a text');
select is(pg_temp.with_host('{"secure": false}'), null, 'yes or no');
select is(pg_temp.with_host('{"secure": "false"}'), 'secure', 'which a word is not');
select is(pg_temp.with_host('{"endpoint": "https://s3.example.test/path"}'), null, 'an address on the web');
select is(pg_temp.with_host('{"endpoint": "http://s3.example.test:9000"}'), null, 'with a port');
select is(pg_temp.with_host('{"endpoint": "ftp://s3.example.test"}'), 'endpoint', 'of no other protocol');
select is(pg_temp.with_host('{"endpoint": "https://user:word@s3.example.test"}'), 'endpoint', 'with no password in it');
select is(pg_temp.with_host('{"endpoint": "https://s3.example.test/?key=1"}'), 'endpoint', 'and no question');
select is(pg_temp.with_host('{"sender": "clinic@example.test"}'), null, 'an address of mail');
select is(pg_temp.with_host('{"sender": "clinic"}'), 'sender', 'has a domain');
select is(pg_temp.with_host('{"sender": "a b@example.test"}'), 'sender', 'and no blank');
select is(pg_temp.with_host('{"number": "+40722000111"}'), null, 'a telephone');
select is(pg_temp.with_host('{"number": "0722000111"}'), 'number', 'is written for the whole world');
select is(pg_temp.with_host('{"number": "+40 722 000 111"}'), 'number', 'without blanks');
select is(pg_temp.with_host('{"port": "x", "secure": "x"}'), 'port', 'the first of two that do not fit');
select is(pg_temp.with_host('{"note": "n", "port": 1, "secure": true, "endpoint": "https://a", "sender": "a@b.c", "number": "+4072200011"}'), null,
  'all of them together');
select * from finish();
rollback;
