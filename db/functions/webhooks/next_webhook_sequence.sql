-- The number of what a clinic's subscriptions are told next; whoever took one is waited for, so numbers commit in their
-- order. WHK-02.

create or replace function app_private.next_webhook_sequence(organization_id uuid) returns bigint
language sql volatile
set search_path = ''
as $$
  insert into app_private.webhook_clinics (organization_id, last_sequence)
  values (next_webhook_sequence.organization_id, 1)
  on conflict on constraint webhook_clinics_one_of_a_clinic do update set last_sequence = webhook_clinics.last_sequence + 1
  returning last_sequence
$$;

comment on function app_private.next_webhook_sequence is 'Takes the next number of the clinic, and holds the clinic until commit.';
grant execute on function app_private.next_webhook_sequence to app_engine;
