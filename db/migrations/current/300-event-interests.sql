-- Consumers whom a clinic asks for: what nobody at a clinic wants to hear is delivered to nobody. FND-14, AUT-01, WHK-01.

alter table app_private.event_consumers add column if not exists on_demand boolean not null default false;
comment on column app_private.event_consumers.on_demand is
  'Whether it is told only of what a clinic is interested in (event_interests); else of all that it is subscribed to.';

-- squawk-ignore ban-drop-table
drop table if exists app_private.event_interests;
create table app_private.event_interests (
  organization_id uuid not null references app_public.organizations on delete cascade,
  consumer text not null,
  event_name text not null,
  constraint event_interests_pkey primary key (organization_id, event_name, consumer),
  constraint event_interests_narrow_a_subscription foreign key (event_name, consumer)
    references app_private.event_subscriptions (event_name, consumer) on delete restrict
);
create index event_interests_subscription_idx on app_private.event_interests (event_name, consumer);
comment on table app_private.event_interests is 'What a clinic wants a consumer to hear, of those who are asked for.';

