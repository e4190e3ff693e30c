-- Written by publish(), read by consumers; never changed. FND-14.

select app_private.classify('app_private.events', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
select app_private.protect('app_private.events', engine => 'select, insert');
