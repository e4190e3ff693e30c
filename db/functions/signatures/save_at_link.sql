-- Keeps what somebody at a link or kiosk has filled in so far. What does not fit is told and not kept; what is still missing
-- is told, too. CNS-05, CNS-06, FRM-04.

set role app_engine;

create or replace function app_hidden.save_at_link(answers jsonb) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link constant app_public.signature_links := app_private.identified_link();
  v_form app_public.forms;
begin
  select forms.* into strict v_form
  from app_public.forms
  where forms.organization_id = v_link.organization_id and forms.id = v_link.form_id
  for update;
  if not exists (select from app_private.form_problems(v_form.snapshot, save_at_link.answers, false)) then
    v_form := app_private.answer_form(v_form, save_at_link.answers);
  end if;
  return jsonb_build_object(
    'answers', v_form.answers,
    'problems', coalesce(
      (select jsonb_agg(jsonb_build_object('path', problem.path, 'reason', problem.reason, 'details', problem.details) order by problem.path)
       from app_private.form_problems(v_form.snapshot, save_at_link.answers, true) as problem), '[]'));
end;
$$;

comment on function app_hidden.save_at_link is 'Keeps answers that fit; answers what is kept and what is wrong or missing.';
grant execute on function app_hidden.save_at_link to app_link;

reset role;
