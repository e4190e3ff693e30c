-- They do not wait any more; what was kept for them goes to the next. SCH-10.

set role app_engine;

create or replace function app_public.leave_waitlist(token text) returns app_public.waitlist_receipt
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_hash bytea := sha256(convert_to(leave_waitlist.token, 'UTF8'));
  v_entry app_public.waitlist_entries;
begin
  select waitlist_entries.* into v_entry
  from app_public.waitlist_entries
  where waitlist_entries.token_hash = v_hash
    or waitlist_entries.id = (select offer.waitlist_entry_id from app_private.offer_of_token(leave_waitlist.token) as offer);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'waitlist_entry_not_found');
  end if;
  v_entry := app_private.end_wait(v_entry);
  return (v_entry.id, null, v_entry.status)::app_public.waitlist_receipt;
end;
$$;

comment on function app_public.leave_waitlist is
  E'@arg token What joinWaitlist answered, or that of an offer.\n'
  'Ends a wait, by its token; what was kept is free for the next. Asked again, or when it was over already, it says how it stands. '
  'NOT_FOUND waitlist_entry_not_found.';
grant execute on function app_public.leave_waitlist to app_anonymous, app_member;

create or replace function app_public.remove_from_waitlist(waitlist_entry_id uuid) returns app_public.waitlist_entries
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_entry app_public.waitlist_entries := app_private.own_waitlist_entry(waitlist_entry_id);
begin
  perform app_private.authorize_move(
    'waitlist_entries', v_entry.status, 'left', v_entry.organization_id, v_entry.patient_profile_id);
  return app_private.end_wait(v_entry);
end;
$$;

comment on function app_public.remove_from_waitlist is
  E'@arg waitlistEntryId The entry, by its id.\n'
  'Ends a wait: by the patient, whoever cares for them, or staff with appointments.manage; what was kept is free for the next. '
  'NOT_FOUND waitlist_entry_not_found, STATE when it is over.';
grant execute on function app_public.remove_from_waitlist to app_member;

reset role;

create or replace function app_private.own_waitlist_entry(waitlist_entry_id uuid) returns app_public.waitlist_entries
language plpgsql stable
set search_path = ''
as $$
declare
  v_entry app_public.waitlist_entries;
begin
  select waitlist_entries.* into v_entry
  from app_public.waitlist_entries
  where waitlist_entries.id = own_waitlist_entry.waitlist_entry_id
    and (waitlist_entries.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (waitlist_entries.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and waitlist_entries.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'waitlist_entry_not_found');
  end if;
  return v_entry;
end;
$$;

comment on function app_private.own_waitlist_entry is
  'An entry that the caller may see, of their clinic or their own; NOT_FOUND waitlist_entry_not_found otherwise.';
grant execute on function app_private.own_waitlist_entry to app_engine;

-- The waitlist before the hold and its days, as whoever offers; the rows last, as whoever books.
create or replace function app_private.end_wait(entry app_public.waitlist_entries) returns app_public.waitlist_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim_id uuid;
  v_entry app_public.waitlist_entries;
begin
  perform app_private.lock_waitlist(entry.organization_id);
  select waitlist_offers.claim_id into v_claim_id
  from app_public.waitlist_offers
  where waitlist_offers.organization_id = entry.organization_id and waitlist_offers.waitlist_entry_id = entry.id
    and waitlist_offers.outcome is null;
  if v_claim_id is not null then
    perform app_private.lock_hold(v_claim_id);
    perform app_private.lock_claims(array[v_claim_id]);
    -- What they have just booked stays theirs.
    perform app_private.let_go(array(
      select time_claims.id from app_private.time_claims
      where time_claims.id = v_claim_id and time_claims.kind = 'hold' and time_claims.released_at is null
      for update));
  end if;
  update app_public.waitlist_offers set outcome = 'declined', ended_at = app_hidden.now()
  where waitlist_offers.organization_id = entry.organization_id and waitlist_offers.waitlist_entry_id = entry.id
    and waitlist_offers.outcome is null;
  update app_public.waitlist_entries set status = 'left', ended_at = app_hidden.now()
  where waitlist_entries.id = entry.id and waitlist_entries.status in ('waiting', 'offered');
  select waitlist_entries.* into strict v_entry from app_public.waitlist_entries where waitlist_entries.id = entry.id;
  return v_entry;
end;
$$;

comment on function app_private.end_wait is 'Ends a wait and lets go what is kept for it; one that is over stays as it is.';
grant execute on function app_private.end_wait to app_engine;
