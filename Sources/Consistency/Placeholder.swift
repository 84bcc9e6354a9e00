// Consistency
