// ClusterSim
