-- What follows when an invoice is not paid: the platform's list, for anybody who is signed in. BIL-05.

select app_private.classify('app_public.dunning_steps', home => 'platform', retention => 'reference', classes =>
  '{"public": ["day", "action", "at"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_public.dunning_steps', engine => 'select');

grant select on app_public.dunning_steps to app_member;

create policy dunning_steps_select_member on app_public.dunning_steps for select to app_member
  using (true);
