-- What somebody is asked for whose address alone speaks for a profile. FND-07, FND-34.

create or replace function app_private.refuse_person_unclear(fact text) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'person_unclear', jsonb_build_object('facts', jsonb_build_array(fact)),
    case fact
      when 'name' then 'Give your name as givenName and familyName, as the clinic knows it: an address may be a family''s.'
      else 'Give your birth date as birthDate: it must be the one that the clinic knows.'
    end);
end;
$$;

comment on function app_private.refuse_person_unclear is
  'CONFLICT person_unclear; the details name the fact, name or birthday, that the person is to give.';
grant execute on function app_private.refuse_person_unclear to app_engine;
