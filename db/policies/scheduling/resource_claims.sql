-- Nobody sees which rooms are taken by what: appointment_resources() tells those of an appointment. SCH-11.

select app_private.classify('app_private.resource_claims', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "resource_id", "claim_id", "blocked"]}',
  unaudited => 'Written with every claim, as time_claims is; what became of it is an audited request or appointment.');
select app_private.protect('app_private.resource_claims', engine => 'select, insert, update (blocked), delete');
