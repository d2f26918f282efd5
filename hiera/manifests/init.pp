# Notes in the catalog, and so in the agent's report, which revision of its data the machine was compiled from.
#
# A schedule, because a resource of that type is listed in every report and never changes anything.
#
# @param revision The newest revision among the levels that make the machine.
class headwater (
  Integer $revision = lookup('headwater.revision', Integer),
) {
  schedule { "headwater.revision ${revision}": }
}
