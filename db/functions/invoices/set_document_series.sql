-- From now on this server numbers in another series: as the accountants of the platform want it, each year if they do. BIL-07.

set role app_engine;

create or replace function app_public.set_document_series(series text, for_credit_notes boolean default false) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_kind constant text := case when for_credit_notes then 'credit_note' else 'invoice' end;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if set_document_series.series !~ '^[A-Z][A-Z0-9-]{0,19}$' then
    perform app_hidden.refuse('VALIDATION', 'series_malformed', '{"field": "series"}');
  end if;
  update app_private.document_series set is_current = false
  where document_series.kind = v_kind and document_series.is_current
    and document_series.series <> set_document_series.series;
  insert into app_private.document_series as known (series, kind)
  values (set_document_series.series, v_kind)
  on conflict on constraint document_series_pkey do update set is_current = true
    where known.kind = excluded.kind;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'series_is_of_another_kind', jsonb_build_object('series', set_document_series.series));
  end if;
  return set_document_series.series;
end;
$$;

comment on function app_public.set_document_series is
  E'@arg forCreditNotes Whether it numbers credit notes; invoices otherwise.\n@arg series Capital letters, digits and dashes, 20 at most; must not be one of another server.\n@resultFieldName series\n'
  'Numbers invoices, or credit notes, in this series from now on; one that was used before goes on where it was. Superadmins only.';
grant execute on function app_public.set_document_series to app_member;

reset role;
