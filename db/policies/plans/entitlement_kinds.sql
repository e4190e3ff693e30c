-- What plans count: the platform's list, for anybody who is signed in. CAT-03.

select app_private.classify('app_public.entitlement_kinds', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_public.entitlement_kinds', engine => 'select');

grant select on app_public.entitlement_kinds to app_member;

create policy entitlement_kinds_select_member on app_public.entitlement_kinds for select to app_member
  using (true);
