-- Every table says where its rows are at home. Which home each has stands in its policy file; until that has run in this
-- same migration, a table stays where it is. SCA-01.
alter table app_private.classified_tables
  add column if not exists home text not null default 'cell'
    constraint classified_tables_home_is_known check (home in ('clinic', 'person', 'platform', 'cell'));
alter table app_private.classified_tables alter column home drop default;
comment on column app_private.classified_tables.home is
  'Where its rows are at home: clinic (they move with their clinic; those of no clinic stay), person (they are wherever '
  'that person''s clinics are), platform (the same rows with the same ids everywhere), cell (they never move).';

-- It now asks for the home.
drop function if exists app_private.classify(text, text, jsonb, text, text, jsonb, jsonb);
