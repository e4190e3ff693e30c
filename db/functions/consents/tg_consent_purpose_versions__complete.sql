-- What a version says of itself, whoever writes it: the sum of its words, and from which version on an acceptance counts.
-- FND-16.

create or replace function app_private.tg_consent_purpose_versions__complete() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  new.content_hash := sha256(convert_to(jsonb_build_array(new.title_ro, new.body_ro, new.title_en, new.body_en)::text, 'UTF8'));
  new.accepts_from := new.number;
  if not new.asks_again then
    select versions.accepts_from into strict new.accepts_from
    from app_public.consent_purpose_versions as versions
    where versions.organization_id is not distinct from new.organization_id
      and versions.purpose_code = new.purpose_code
      and versions.number = new.number - 1;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_consent_purpose_versions__complete is
  'Fills content_hash and accepts_from of a version. Trigger _200_complete.';

create or replace trigger _200_complete before insert on app_public.consent_purpose_versions
  for each row execute function app_private.tg_consent_purpose_versions__complete();
