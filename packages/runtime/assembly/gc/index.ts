import "./collector";
import "./pins";
