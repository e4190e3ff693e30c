-- The person says who they are: before that nothing of the form is shown. Five wrong answers lock the link for good. The
-- answer is a row rather than a refusal, since a refusal would take back that it was counted. CNS-06.

set role app_engine;

create or replace function app_hidden.identify_at_link(birth_date date, code_hash bytea, session_hash bytea)
returns table (is_identified boolean, attempts_left int)
language plpgsql volatile security definer rows 1
set search_path = ''
as $$
declare
  v_link app_public.signature_links := app_private.link_at_door();
  v_is_right boolean;
begin
  -- Guesses at once are counted one after the other.
  select signature_links.* into v_link from app_public.signature_links where signature_links.id = v_link.id for update;
  v_link := app_private.link_at_door();
  if v_link.kind <> 'link' then
    perform app_hidden.refuse('STATE', 'staff_identify_here');
  end if;
  select case v_link.identify_by
    when 'birth_date' then patient_profiles.birth_date = identify_at_link.birth_date
    else v_link.code_hash = identify_at_link.code_hash
  end into v_is_right
  from app_public.forms
  join app_public.patient_profiles on patient_profiles.id = forms.patient_profile_id
  where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id;

  if v_is_right is true then
    update app_public.signature_links
    set session_hash = identify_at_link.session_hash,
        session_ends_at = least(app_hidden.now() + interval '1 hour', signature_links.expires_at)
    where signature_links.id = v_link.id;
    perform app_private.record_signature_event(
      v_link.organization_id, v_link.form_id, 'identified', v_link.id, jsonb_build_object('identifiedBy', v_link.identify_by));
    return query select true, 5 - v_link.failures;
    return;
  end if;

  update app_public.signature_links set failures = signature_links.failures + 1
  where signature_links.id = v_link.id
  returning * into v_link;
  perform app_private.record_signature_event(
    v_link.organization_id, v_link.form_id, 'not_identified', v_link.id, jsonb_build_object('failures', v_link.failures));
  if v_link.failures >= 5 then
    perform app_private.end_signature_link(v_link.id, 'locked', 'failures');
  end if;
  return query select false, 5 - v_link.failures;
end;
$$;

comment on function app_hidden.identify_at_link is
  'Opens a session of an hour for whoever gives the birth date or the code, by its digest; counts a wrong answer, and locks at five.';
grant execute on function app_hidden.identify_at_link to app_link;

reset role;
