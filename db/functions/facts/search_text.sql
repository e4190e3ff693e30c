-- What people type and what is stored are compared in one form: `Țăranu`, `ţăranu` with a cedilla and `taranu` are
-- one text, and so are `Ana-Maria` and `ana maria`, `O’Brien` and `obrien`. The collation is PostgreSQL's own, so that
-- the form is the same on every machine and an index over it stays right. FND-07.

create or replace function app_hidden.search_text(text) returns text
language sql immutable strict parallel safe
set search_path = ''
return (
  with
    folded as (
      -- Compatibility forms apart, lower case, and apart again: lower case can make new marks (İ). The acute accent by
      -- itself is an apostrophe; apart it would be a space and a mark.
      select normalize(lower(normalize(translate($1, '´', ''), nfkd) collate pg_catalog.pg_unicode_fast), nfkd) as value
    ),
    bare as (
      -- Marks (also a comma and a cedilla below), what has no width, soft hyphens and apostrophes leave no gap.
      select regexp_replace(
        value,
        '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f'
        '\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff'
        '''`\u02b9-\u02bf\u2018-\u201b\u2032\u2035\uff07]',
        '', 'g') as value
      from folded
    ),
    latin as (
      select replace(replace(replace(replace(translate(value, 'øłđðħŧıς', 'olddhtiσ'),
               'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') as value
      from bare
    )
  select btrim(regexp_replace(value collate pg_catalog.pg_unicode_fast, '[^[:alnum:]]+', ' ', 'g'))
  from latin
);

comment on function app_hidden.search_text is
  'A text as it is compared when somebody looks for it: lower case letters and digits without marks, words apart by one space.';
grant execute on function app_hidden.search_text to app_anonymous, app_member, app_worker, app_engine;
