-- What was kept for somebody who waits is a request or an appointment now: they wait no more, even where the offer had just run
-- out and was honoured all the same. A step of convert_claim, after the days. SCH-10.

create or replace function app_private.record_offer_taken(organization_id uuid, claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entry_id uuid;
begin
  update app_public.waitlist_offers set outcome = 'taken', ended_at = app_hidden.now()
  where waitlist_offers.organization_id = record_offer_taken.organization_id
    and waitlist_offers.claim_id = record_offer_taken.claim_id
    and waitlist_offers.outcome is distinct from 'taken'
  returning waitlist_offers.waitlist_entry_id into v_entry_id;
  if v_entry_id is not null then
    update app_public.waitlist_entries set status = 'taken', ended_at = app_hidden.now()
    where waitlist_entries.id = v_entry_id and waitlist_entries.status in ('waiting', 'offered');
  end if;
end;
$$;

comment on function app_private.record_offer_taken is 'Says of the offer that a claim was, if any, that it was taken, and ends the wait.';
grant execute on function app_private.record_offer_taken to app_engine;
