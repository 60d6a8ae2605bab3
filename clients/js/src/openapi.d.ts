// Made by scripts/client_types.py from the service's OpenAPI description.

export type Check = {
  /** What the policy says; 'incomplete': not wholly inspected. */
  "decision": "allow" | "review" | "block" | "incomplete";
  /** What decides, what outranks first. */
  "reasons": ({
    "code": "kind" | "level" | "unreadable" | "not_inspected";
    "decision": "block" | "incomplete" | "review";
    /** The kind, level, error or detector. */
    "about": string;
    /** Their ids in the report. */
    "findings": (string)[];
    "message": string;
  })[];
  /** Questions to the owner; decide nothing. */
  "notices": ({
    /** 'consent': people can be recognised; 'minor': one may be under age; 'exposed_minor': one who may be is perhaps seen undressed; 'film': the film of a Live Photo lies beside it. */
    "code": string;
    /** Their ids in the report. */
    "findings": (string)[];
    "message": string;
  })[];
  "policy": {
    "name": string;
    "version": string;
  };
  "report": Report;
  /** How many findings the report does not tell: of too many, those that decide come first. */
  "more_findings": number;
  /** How far a look in steps (`tiers`) went. */
  "tier"?: "metadata" | "fast" | "balanced" | "thorough";
  /** With `copy`: for each kind that was found its name, why it matters, and what to do. */
  "kinds"?: Record<string, {
    "title": string;
    "why": string;
    "do": string;
  }>;
  /** With `copy`: the safe copy; null where none is needed, or none can be made. */
  "copy"?: null | Copy;
  /** With `copy`: why there can be none. */
  "no_copy"?: string;
};

export type Receipt = Record<string, unknown>;

export type Cleaned = {
  /** Of the copy itself, by the same policy, which may ask to look at what it does not hide; null where nobody looked at its picture. */
  "decision": "allow" | "review" | "block" | "incomplete" | null;
  "media_type": string;
  "photo": string;
  "receipt": Receipt;
};

export type Copy = {
  /** Of the copy itself, by the same policy, which may ask to look at what it does not hide; null where nobody looked at its picture. */
  "decision": "allow" | "review" | "block" | "incomplete" | null;
  "media_type": string;
  "photo": string;
  /** The copy as a JPEG of at most 1024 pixels a side. */
  "preview": string | null;
  "receipt": Receipt;
};

export type Album = {
  /** Of all: the gravest of those of the photos and of all together. */
  "decision": "allow" | "review" | "block" | "incomplete";
  "policy": {
    "name": string;
    "version": string;
  };
  "photos": (AlbumPhoto)[];
  "together": Together;
};

export type AlbumPhoto = {
  /** Its place in the form. */
  "photo": number;
  "decision": "allow" | "review" | "block" | "incomplete";
  /** Why it could not be looked at. */
  "problem": null | Problem;
  "reasons": ({
    "code": "kind" | "level" | "unreadable" | "not_inspected";
    "decision": "block" | "incomplete" | "review";
    /** The kind, level, error or detector. */
    "about": string;
    /** Their ids in the report. */
    "findings": (string)[];
    "message": string;
  })[];
  "notices": ({
    /** 'consent': people can be recognised; 'minor': one may be under age; 'exposed_minor': one who may be is perhaps seen undressed; 'film': the film of a Live Photo lies beside it. */
    "code": string;
    /** Their ids in the report. */
    "findings": (string)[];
    "message": string;
  })[];
  /** for each kind that was found its name, why it matters, and what to do. */
  "kinds": Record<string, {
    "title": string;
    "why": string;
    "do": string;
  }>;
  /** As in a report, those that decide first. */
  "findings": (Record<string, unknown>)[];
  /** How many more there are. */
  "more_findings": number;
};

export type Together = {
  "decision": "allow" | "review";
  /** What no photo says alone. */
  "combinations": ({
    "id": string;
    "message": string;
    "photos": (number)[];
    "findings": ({
      "photo": number;
      "id": string;
    })[];
  })[];
  /** What is in several photos. */
  "repeats": ({
    "kind": string;
    "message": string;
    "photos": (number)[];
  })[];
  /** Photos of people whose place another photo tells. */
  "joined": ({
    "beside": number;
    "message": string;
    "photos": (number)[];
  })[];
  /** Photos that nothing is told of here. */
  "left_out": (number)[];
};

export type Problem = {
  "type": string;
  "title": string;
  "status": number;
  "code": "bad_body" | "bad_request" | "corrupt" | "crash" | "deadline" | "encoded_body" | "forbidden" | "full" | "internal" | "method_not_allowed" | "model" | "not_cleaned" | "not_found" | "not_ready" | "quota" | "same_key_at_work" | "same_key_other_body" | "scope" | "slow_upload" | "stopping" | "timeout" | "too_large" | "unauthorized" | "unsupported_format" | "uploads" | "usage" | "worker_lost" | "wrong_host";
  "detail"?: string;
  /** Names this request in the service's log. */
  "instance"?: string;
  /** Of 'quota': which one, as the field RateLimit-Policy names it. */
  "violated-policies"?: ("minute" | "at-once")[];
  /** For a photo that could be inspected in part. */
  "decision"?: "allow" | "review" | "block" | "incomplete";
  "reasons"?: ({
    "code": "kind" | "level" | "unreadable" | "not_inspected";
    "decision": "block" | "incomplete" | "review";
    /** The kind, level, error or detector. */
    "about": string;
    /** Their ids in the report. */
    "findings": (string)[];
    "message": string;
  })[];
  "notices"?: ({
    /** 'consent': people can be recognised; 'minor': one may be under age; 'exposed_minor': one who may be is perhaps seen undressed; 'film': the film of a Live Photo lies beside it. */
    "code": string;
    /** Their ids in the report. */
    "findings": (string)[];
    "message": string;
  })[];
  "report"?: Report;
  /** How many findings the report does not tell: of too many, those that decide come first. */
  "more_findings"?: number;
};

export type Report = {
  "schema_version": "1.0";
  "tool": {
    "name": "photoscan";
    "version": string;
    "models": ({
      "name": string;
      "sha256": string;
    })[];
  };
  "policy": {
    "name": string;
    "version": string;
  };
  "error": null | {
    "code": string;
    "message": string;
  };
  "photo": {
    "path": string;
    "sha256": string | null;
    "bytes": number | null;
    "format": string | null;
    "width": number | null;
    "height": number | null;
  };
  "findings": (Finding)[];
  "detectors": ({
    "name": string;
    "status": "ok" | "skipped" | "failed";
    "reason": string | null;
    "seconds": number;
  })[];
  "risk": {
    "score": number;
    "level": "none" | "low" | "medium" | "high" | "critical";
    "rules": ({
      "id": string;
      "findings": (string)[];
      "explanation": string;
    })[];
    "laws": (string)[];
  };
  "verdict": "allow" | "review" | "block" | "incomplete";
  /** The project's file that had a say in this report, and which of its settings */
  "settings"?: {
    "file": string;
    "keys": (string)[];
  };
  /** In the first report of several: what lay in the folders that were searched and is no photo */
  "passed_over"?: {
    "count": number;
    "kinds": Record<string, number>;
    "files": ({
      "path": string;
      "kind": string;
    })[];
  };
  "coverage"?: "whole" | "file" | "part" | "cut";
  "headline"?: {
    "codes": ("allow" | "by_policy" | "known" | "file" | "part" | "review" | "incomplete" | "unseen" | "hide" | "block")[];
    "text": string;
    "caveat": string | null;
  };
  /** Questions to the photo's owner, which decide nothing */
  "notices"?: ({
    "code": string;
    "findings": (string)[];
    "message": string;
  })[];
};

export type Finding = {
  "id": string;
  "kind": string;
  "severity": "low" | "medium" | "high" | "critical";
  "confidence": number;
  /** What may be seen of the value: chosen by the meaning of its parts, never one that is personal or secret; else its length */
  "value_masked": string | null;
  "value"?: string | null;
  "location": Region | Field | Span;
  "detector": string;
  "reason": string;
  "explanation": string;
  "attributes": Record<string, unknown>;
};

export type Region = {
  "type": "region";
  "box": (number)[];
  "polygon"?: ((number)[])[];
  "page"?: number;
};

export type Field = {
  "type": "metadata";
  "container": string;
  "field": string;
  "offset": number | null;
  "length": number | null;
  "copies": number;
};

export type Span = {
  "type": "text";
  "lines": (number)[];
};
