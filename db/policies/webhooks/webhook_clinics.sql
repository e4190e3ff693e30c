-- A counter. WHK-02.

select app_private.classify('app_private.webhook_clinics', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "last_sequence"]}',
  unaudited => 'A counter that every event of the clinic moves on.');
select app_private.protect('app_private.webhook_clinics', engine => 'select, insert, update');
