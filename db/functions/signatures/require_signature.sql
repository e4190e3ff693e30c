-- What a signature needs besides answers, before anything is written: the mode of the form, the word that it is meant, and a
-- name or a drawing of the kind that was asked for. CNS-04..06.

create or replace function app_private.require_signature(
  version app_public.form_template_versions,
  signer app_private.signer,
  agreed boolean,
  typed_name text,
  drawing app_private.drawing,
  location jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if version.signature_mode <> signer.mode then
    perform app_hidden.refuse(
      'STATE', 'signed_in_another_way', jsonb_build_object('mode', version.signature_mode));
  elsif agreed is not true then
    perform app_hidden.refuse('VALIDATION', 'not_agreed', '{"field": "agreed"}');
  elsif signer.signature = 'typed' and (
    btrim(coalesce(typed_name, '')) !~ '[[:alpha:]]' or typed_name ~ '[[:cntrl:]]' or length(typed_name) > 200
  ) then
    perform app_hidden.refuse('VALIDATION', 'name_not_typed', '{"field": "typedName"}');
  elsif signer.signature = 'drawn' and (drawing.image is null or drawing.path is null) then
    perform app_hidden.refuse('VALIDATION', 'signature_not_drawn', '{"field": "drawing"}');
  elsif (signer.signature = 'typed') = (drawing.image is not null or drawing.path is not null)
    or (signer.signature = 'drawn') = (typed_name is not null) then
    perform app_hidden.refuse('VALIDATION', 'signed_twice', jsonb_build_object('signature', signer.signature));
  elsif app_private.is_path_data(drawing.path) is false then
    perform app_hidden.refuse('VALIDATION', 'path_invalid', '{"field": "drawing.path", "most": 65536}');
  elsif location is not null and (
    jsonb_typeof(location) <> 'object' or location - 'latitude' - 'longitude' <> '{}'
    or jsonb_typeof(location -> 'latitude') is distinct from 'number'
    or jsonb_typeof(location -> 'longitude') is distinct from 'number'
    or (location ->> 'latitude')::numeric not between -90 and 90
    or (location ->> 'longitude')::numeric not between -180 and 180
  ) then
    perform app_hidden.refuse('VALIDATION', 'location_invalid', '{"field": "location"}');
  end if;
end;
$$;

comment on function app_private.require_signature is 'Refuses what is no signature of the kind that the form asks for.';
grant execute on function app_private.require_signature to app_engine;
