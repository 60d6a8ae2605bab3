"""What the service and the workshop share as servers: whose requests they take, and how long they wait for one."""

PROBLEM = "application/problem+json"
"""The media type of a problem document (RFC 9457)."""
