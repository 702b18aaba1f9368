// asc's allocator and our garbage collector.
import "rt/tlsf";
import "./collector";
import "./pins";
