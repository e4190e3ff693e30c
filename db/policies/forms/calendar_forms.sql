-- Which forms every appointment of a calendar asks for: staff see it, calendars.manage edits it. FRM-08.

select app_private.classify('app_public.calendar_forms', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "calendar_id", "template_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.calendar_forms', engine => 'select');

grant select on app_public.calendar_forms to app_member;
grant insert (organization_id, calendar_id, template_id), delete on app_public.calendar_forms to app_member;

create policy calendar_forms_select_staff on app_public.calendar_forms for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy calendar_forms_insert_manager on app_public.calendar_forms for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_forms_delete_manager on app_public.calendar_forms for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendar_forms
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
