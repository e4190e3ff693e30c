-- Where an index of ids begins for what is younger than an instant: of version 7, the first 48 bits are milliseconds.

create or replace function app_private.first_id_at(at timestamptz) returns uuid
language sql stable
return (lpad(to_hex((extract(epoch from first_id_at.at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid;

comment on function app_private.first_id_at is 'The least id that uuidv7() can make at an instant.';

grant execute on function app_private.first_id_at to app_engine;
