-- The postings of a document sum to zero, in each currency, whoever writes them: looked at when the transaction ends. BIL-02.

set role app_engine;

create or replace function app_private.tg_postings__balance() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_sum numeric;
begin
  select sum(postings.amount) into v_sum
  from app_private.postings
  where postings.organization_id = new.organization_id
    and postings.document_kind = new.document_kind and postings.document_id = new.document_id
    and postings.currency = new.currency;
  if v_sum <> 0 then
    raise exception 'the postings of % % come to % % rather than nothing', new.document_kind, new.document_id, v_sum, new.currency
      using errcode = 'check_violation', constraint = 'postings_balance';
  end if;
  return null;
end;
$$;

comment on function app_private.tg_postings__balance is
  'Refuses, at the end of the transaction, postings of a document that do not sum to zero. Trigger _800_balance, deferred.';

reset role;
