type Unit = "30 days" | "GB-30-days" | "GB-day" | "hour" | "GB-hour" | "GB" | "connection";
type Billing = "prepaid" | "postpaid" | "hold" | "poc";

interface Sku {
  id: string;
  name: string;
  metering?: "configuration" | "gauge_hours" | "counter" | "peak_connections" | "peak_traffic";
  unit: Unit;
  unitPrice: string;
  taxRate: string;
  taxIncluded: boolean;
  discount: string;
  freeAllowance?: string;
  minimum?: string;
}

interface ResourceType {
  id: string;
  name: string;
  billing: Billing[];
  refundable: boolean;
  autoRenewable: boolean;
  autoRenewOffBy: "customer" | "support";
  minimumMonths: number;
  lifecycle: { graceDays: number; suspensionDays: number; trashDays: number };
  holdRunAt?: string;
  skus: Sku[];
}

interface Product {
  name: string;
  resourceTypes: ResourceType[];
}

const tax = { taxRate: "10", taxIncluded: true, discount: "0" };

const byPeriod = {
  billing: ["prepaid", "postpaid", "poc"] satisfies Billing[],
  refundable: true,
  autoRenewable: true,
  autoRenewOffBy: "customer" as const,
  minimumMonths: 1,
};

const byUse = {
  billing: ["hold", "postpaid"] satisfies Billing[],
  refundable: false,
  autoRenewable: false,
  autoRenewOffBy: "customer" as const,
  minimumMonths: 1,
  holdRunAt: "00:00",
};

/** What is configured and paid by its use may be tried first; what is measured can't. */
const byConfiguredUse = { ...byUse, billing: ["hold", "postpaid", "poc"] satisfies Billing[] };

const quotaPackage = { ...byPeriod, refundable: false, autoRenewOffBy: "support" as const };

const gracePolicy = { graceDays: 15, suspensionDays: 15, trashDays: 0 };
const weekInTrash = { graceDays: 0, suspensionDays: 0, trashDays: 7 };

const vserver: Product = {
  name: "vServer",
  resourceTypes: [
    {
      id: "server",
      name: "Server",
      ...byPeriod,
      lifecycle: gracePolicy,
      skus: [
        { id: "dev.v1.small1x1", name: "dev.v1.small1x1", unit: "30 days", unitPrice: "90000", ...tax },
        { id: "s-general-1x1", name: "s-general-1x1", unit: "30 days", unitPrice: "181000", ...tax },
        { id: "s-general-2x4", name: "s-general-2x4", unit: "30 days", unitPrice: "520000", ...tax },
        {
          id: "root-disk-20",
          name: "Root disk 20 GB, 3000 IOPS",
          unit: "30 days",
          unitPrice: "35000",
          ...tax,
        },
      ],
    },
    {
      id: "volume",
      name: "Volume",
      ...byPeriod,
      lifecycle: weekInTrash,
      skus: [{ id: "ssd-3000", name: "SSD, 3000 IOPS", unit: "GB-30-days", unitPrice: "1750", ...tax }],
    },
    {
      id: "snapshot",
      name: "Snapshot",
      ...byConfiguredUse,
      lifecycle: gracePolicy,
      skus: [{ id: "snapshot-gb", name: "Snapshot storage", unit: "GB-hour", unitPrice: "7.7", ...tax }],
    },
    {
      id: "bandwidth",
      name: "Bandwidth",
      ...byUse,
      lifecycle: gracePolicy,
      skus: [
        {
          id: "traffic-out",
          name: "Outgoing traffic per IP",
          metering: "counter",
          unit: "GB",
          unitPrice: "1000",
          ...tax,
        },
      ],
    },
    {
      id: "cluster",
      name: "vContainer cluster",
      ...byConfiguredUse,
      lifecycle: gracePolicy,
      skus: [
        { id: "node-16x64", name: "Node 16x64", unit: "30 days", unitPrice: "7500000", ...tax },
        { id: "node-volume-1000", name: "Node volume 1000 GB", unit: "30 days", unitPrice: "750000", ...tax },
      ],
    },
  ],
};

const vstorage: Product = {
  name: "vStorage",
  resourceTypes: [
    {
      id: "project",
      name: "Project package",
      ...byPeriod,
      lifecycle: weekInTrash,
      skus: [
        { id: "gold", name: "Gold", unit: "GB-30-days", unitPrice: "1000", minimum: "30", ...tax },
        {
          id: "instant-archive",
          name: "Instant Archive",
          unit: "GB-30-days",
          unitPrice: "530",
          minimum: "30",
          ...tax,
        },
      ],
    },
    {
      id: "pay-as-you-go",
      name: "Project, pay as you go",
      ...byUse,
      lifecycle: gracePolicy,
      skus: [
        {
          id: "gold-hourly",
          name: "Gold, by the hour",
          metering: "gauge_hours",
          unit: "GB-30-days",
          unitPrice: "1400",
          minimum: "1",
          ...tax,
        },
        {
          id: "instant-archive-hourly",
          name: "Instant Archive, by the hour",
          metering: "gauge_hours",
          unit: "GB-30-days",
          unitPrice: "742",
          ...tax,
        },
        {
          id: "download-domestic",
          name: "Download traffic, domestic",
          metering: "counter",
          unit: "GB",
          unitPrice: "280",
          ...tax,
        },
      ],
    },
    {
      id: "file-storage",
      name: "File storage",
      ...byUse,
      lifecycle: gracePolicy,
      skus: [
        {
          id: "file-storage-gb",
          name: "File storage",
          metering: "gauge_hours",
          unit: "GB-day",
          unitPrice: "58.3",
          // 1 TB through a month of 30 days.
          minimum: "30720",
          ...tax,
        },
      ],
    },
  ],
};

const vmonitor: Product = {
  name: "vMonitor",
  resourceTypes: [
    {
      id: "metric-quota",
      name: "Metric quota",
      ...quotaPackage,
      lifecycle: gracePolicy,
      skus: [{ id: "metrics-100", name: "100 metrics", unit: "30 days", unitPrice: "55000", ...tax }],
    },
    {
      id: "log-project",
      name: "Log project",
      ...quotaPackage,
      lifecycle: gracePolicy,
      skus: [
        { id: "logs-10gb", name: "10 GB a day, kept 7 days", unit: "30 days", unitPrice: "220000", ...tax },
      ],
    },
    {
      id: "notification-quota",
      name: "Notification quota",
      ...quotaPackage,
      lifecycle: gracePolicy,
      skus: [{ id: "sms-100", name: "100 SMS", unit: "30 days", unitPrice: "99000", ...tax }],
    },
    {
      id: "synthetic-quota",
      name: "Synthetic quota",
      ...quotaPackage,
      lifecycle: gracePolicy,
      skus: [{ id: "checks-10", name: "10 checks a minute", unit: "30 days", unitPrice: "77000", ...tax }],
    },
  ],
};

/** What a first `npm start` seeds, by product id: the bodies of `PUT /v1/catalog/products/{product}`. */
export const demoCatalogue: Record<string, Product> = { vserver, vstorage, vmonitor };
