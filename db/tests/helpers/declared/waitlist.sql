-- Allowed in waitlist, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.due_waitlists()',
  'app_private.offer_next_time(uuid)',
  'app_private.settle_waitlist(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A visitor may call it; it hands out or takes what its comment says, and the visitor has no grant on the tables.', unnest(array[
  'app_public.join_waitlist(uuid,date,date,uuid,integer[],time without time zone,time without time zone,uuid,text,text,text,text,text)',
  'app_public.leave_waitlist(text)',
  'app_public.take_offer(text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.offer_time(uuid,timestamp with time zone,uuid)',
  'app_public.remove_from_waitlist(uuid)',
  'app_public.take_own_offer(uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_private.due_waitlists()', 'A sweep of the worker over whatever is due on its server.'),
  ('tenant_uniques', 'app_public.waitlist_entries_token_is_unique', 'A digest of 128 random bits: it tells nobody anything.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.waitlist_entries', 'token_hash', 'A token is one entry.'),
  ('app_public.waitlist_offers', 'organization_id, claim_id', 'A claim is offered once.'),
  ('app_public.waitlist_offers', 'organization_id, waitlist_entry_id', 'Who waits has one open offer (SCH-10).');
