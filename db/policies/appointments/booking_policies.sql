-- Until when a patient may cancel or move, and what becomes of the session: told to staff and to the clinic's patients. APT-03.

select app_private.classify('app_public.booking_policies', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "cancel_minutes", "late_cancel", "late_cancel_session", "reschedule_minutes",
               "reschedule_limit", "no_show_session"],
    "operational": ["is_default", "created_at", "updated_at"]}');
select app_private.protect('app_public.booking_policies', engine => 'select', facts => '{name name}');

grant select, delete on app_public.booking_policies to app_member;
grant insert (organization_id, name, is_default, cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes,
              reschedule_limit, no_show_session),
      update (name, is_default, cancel_minutes, late_cancel, late_cancel_session, reschedule_minutes, reschedule_limit,
              no_show_session)
   on app_public.booking_policies to app_member;

create policy booking_policies_select_staff on app_public.booking_policies for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy booking_policies_select_patient on app_public.booking_policies for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]));

create policy booking_policies_insert_manager on app_public.booking_policies for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy booking_policies_update_manager on app_public.booking_policies for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy booking_policies_delete_manager on app_public.booking_policies for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));
