-- The person sees that they asked. Written by withdraw_consent(). FND-18.

select app_private.classify('app_public.erasure_requests', home => 'person', retention => 'ledger', classes =>
  '{"operational": ["id", "cause", "created_at"], "pii_basic": ["human_id"]}',
  person_column => 'human_id');
select app_private.protect('app_public.erasure_requests', engine => 'select, insert');

grant select on app_public.erasure_requests to app_member;

create policy erasure_requests_select_self on app_public.erasure_requests for select to app_member
  using (human_id = (select app_hidden.current_account_id()));
