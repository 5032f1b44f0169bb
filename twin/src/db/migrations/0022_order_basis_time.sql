-- Bills of a span of time are read page by page; without it each page read all of them.
create index order_basis_time on order_basis (platform_id, billed_at, order_id);
