-- The strokes of a drawn signature as a path: M, L, C, Q and Z with their numbers, and nothing else that a file of
-- graphics might hold. How fast it was drawn, and how hard the pen was pressed, has no place in it. CNS-05, SPC-04.

create or replace function app_private.is_path_data(path text) returns boolean
language sql immutable strict parallel safe
set search_path = ''
return length(is_path_data.path) <= 65536
  and is_path_data.path ~ '^M[0-9MLCQZ., -]*$'
  and is_path_data.path ~ (
    '^M *-?[0-9]{1,5}(\.[0-9]{1,3})?[ ,]+-?[0-9]{1,5}(\.[0-9]{1,3})?'
    '( *([ML] *-?[0-9]{1,5}(\.[0-9]{1,3})?[ ,]+-?[0-9]{1,5}(\.[0-9]{1,3})?'
    '|Q *-?[0-9]{1,5}(\.[0-9]{1,3})?([ ,]+-?[0-9]{1,5}(\.[0-9]{1,3})?){3}'
    '|C *-?[0-9]{1,5}(\.[0-9]{1,3})?([ ,]+-?[0-9]{1,5}(\.[0-9]{1,3})?){5}|Z))* *$');

comment on function app_private.is_path_data is
  'Whether a text is path data of at most 65,536 characters: M x y first, then M, L, Q, C with their numbers, or Z.';
grant execute on function app_private.is_path_data to app_engine;
