-- Six digits are guessed in no time from a quick digest. This one takes some hundredths of a second a guess, so that a copy of the
-- table gives a code away only long after it is over. FND-32.

create or replace function app_private.code_digest(code text, salt text) returns bytea
language sql immutable strict
set search_path = ''
begin atomic
  select pg_catalog.sha256(convert_to(
    extensions.crypt(regexp_replace(code_digest.code, '[^0-9]', '', 'g'), code_digest.salt), 'UTF8'));
end;

comment on function app_private.code_digest is 'What is kept of a code; spaces and hyphens in it do not count.';
grant execute on function app_private.code_digest to app_engine;
