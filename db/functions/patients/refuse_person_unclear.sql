-- What somebody is asked for whose address alone speaks for a profile. FND-07, FND-34.

create or replace function app_private.refuse_person_unclear(fact text) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  perform app_hidden.refuse('CONFLICT', 'person_unclear', jsonb_build_object('facts', jsonb_build_array(fact)));
end;
$$;

comment on function app_private.refuse_person_unclear is
  'CONFLICT person_unclear; the details name the fact, name or birthday, that the person is to give.';
grant execute on function app_private.refuse_person_unclear to app_engine;
