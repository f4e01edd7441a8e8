-- One row per dimension in which people are compared, in the order of the catalogue, the ordered ones first.
select dimension_code, dimension_name, code_list, total_code, is_ordered
from (select *, row_number() over () as listed_order from catalogue.dimensions)
where is_stratum
order by is_ordered desc, listed_order
