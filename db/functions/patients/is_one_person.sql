-- When two patients of a clinic are probably one person: the name and one more fact agree, or given name, address and
-- number do (a family name that changed, or was written otherwise), and no birthday differs. FND-34.
-- One expression, so that PostgreSQL inlines it.

create or replace function app_private.is_one_person(
  address boolean,
  name boolean,
  given_name boolean,
  telephone boolean,
  birthday boolean
) returns boolean
language sql immutable parallel safe
return is_one_person.birthday is not false
  and (is_one_person.name and (is_one_person.address or is_one_person.telephone or is_one_person.birthday)
       or is_one_person.given_name and is_one_person.address and is_one_person.telephone);

comment on function app_private.is_one_person is
  'Whether two patients are probably one person, by which of their facts agree; a fact that one of them lacks is null.';
grant execute on function app_private.is_one_person to app_engine;
