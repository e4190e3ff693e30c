-- A person sees in how many browsers they are told, and nobody reads the keys but the worker. FND-15.

-- The keys say how to reach a browser. Alone they open nothing: a push service takes only what the platform's own key
-- signs. Nobody but the engine may read them all the same.
select app_private.classify('app_public.push_subscriptions', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "endpoint", "p256dh", "auth"], "operational": ["id", "created_at"]}',
  person_column => 'human_id',
  unaudited => 'Browsers come and go by themselves; what was sent to one is a message.');
select app_private.protect('app_public.push_subscriptions', engine => 'select, insert, update, delete');

grant select (id, human_id, created_at) on app_public.push_subscriptions to app_member;

create policy push_subscriptions_select_self on app_public.push_subscriptions for select to app_member
  using (human_id = (select app_hidden.current_account_id()));
