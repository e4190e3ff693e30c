-- Where the rows of every table are at home, as its policy file says: what a clinic takes along when it moves. SCA-01.

create or replace view tests.table_homes as
select classified_tables.table_name as name, classified_tables.home from app_private.classified_tables;
