-- Staff decide what a form could not write by itself: the answer is taken over, or what stands there stays. FRM-05.

set role app_engine;

create or replace function app_public.resolve_write_back(write_back_id uuid, take_form boolean) returns app_public.form_write_backs
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_write_back app_public.form_write_backs;
  v_form app_public.forms;
  v_outcome text;
begin
  select form_write_backs.* into v_write_back
  from app_public.form_write_backs
  join app_public.forms on forms.organization_id = form_write_backs.organization_id and forms.id = form_write_backs.form_id
  where form_write_backs.id = write_back_id and forms.deleted_at is null
    and form_write_backs.organization_id = any (app_hidden.organization_ids_where('forms.view'))
  for update of form_write_backs;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_write_back.organization_id, 'patients.manage');
  if v_write_back.outcome = 'written' or v_write_back.resolution is not null then
    perform app_hidden.refuse('STATE', 'write_back_is_decided');
  end if;

  if take_form then
    select forms.* into strict v_form from app_public.forms where forms.id = v_write_back.form_id;
    v_outcome := app_private.try_to_write_back(
      v_form.organization_id, v_form.patient_id, v_write_back.target, v_write_back.field, v_write_back.value, v_form.id);
    if v_outcome = 'not_permitted' then
      perform app_hidden.refuse('FORBIDDEN', 'profile_is_the_persons');
    elsif v_outcome = 'not_taken' then
      perform app_hidden.refuse('VALIDATION', 'answer_not_taken_there', jsonb_build_object('field', v_write_back.field));
    end if;
  end if;
  update app_public.form_write_backs set
    resolution = case when take_form then 'form' else 'kept' end,
    resolved_by = app_private.current_actor_id(), resolved_at = app_hidden.now()
  where form_write_backs.id = v_write_back.id
  returning * into v_write_back;
  return v_write_back;
end;
$$;

comment on function app_public.resolve_write_back is
  E'@arg writeBackId The conflict, by the id of FormWriteBack.\n'
  '@arg takeForm Whether the answer of the form is taken over; false keeps what stands there.\n'
  'Decides a conflict between a form and the patient''s profile or a field of the clinic. Needs patients.manage; FORBIDDEN '
  'profile_is_the_persons where the person has an account and keeps the profile.';
grant execute on function app_public.resolve_write_back to app_member;

reset role;
