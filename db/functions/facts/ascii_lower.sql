-- Folds what is an identity: addresses, slugs, keys, codes, hosts. Only A to Z change. FND-03.
-- `lower()` folds by Unicode: U+0130 becomes i and U+212A becomes k, so that somebody else's address turns into ours
-- before anything looks at it. Whatever is no ASCII stays as it is here, and the constraints refuse it.
-- Without settings of its own, so that the planner puts its body in place and indexes on it are found.

create or replace function app_hidden.ascii_lower(value text) returns text
language sql immutable strict parallel safe
return pg_catalog.lower(ascii_lower.value collate "C");

comment on function app_hidden.ascii_lower is
  'The text with A to Z in lower case and everything else untouched: the one way in which identities are folded.';

grant execute on function app_hidden.ascii_lower to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;
